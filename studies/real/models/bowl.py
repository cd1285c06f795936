"""Predicts the yards that a football play gains: dense layers, with dropout rates found by a search.

Architecture: simisimon/kaggle-notebooks @43885814f652, converted_notebooks/
final_notebooks_nfl-big-data-bowl-2020_nfl-eda-nn-analysisipynb.py (no license named).
Here: a tenth of the units.
Data: digits (64,)
"""

from keras import Input, Model
from keras.layers import BatchNormalization, Dense, Dropout


def build(shape, classes):
    inputs = Input(shape)
    x = Dense(128, activation="relu")(inputs)
    x = Dropout(0.33709)(x)
    x = BatchNormalization()(x)
    x = Dense(43, activation="relu")(x)
    x = Dropout(0.85564)(x)
    x = BatchNormalization()(x)
    x = Dense(43, activation="relu")(x)
    x = Dropout(0.65879)(x)
    x = BatchNormalization()(x)
    return Model(inputs, Dense(classes)(x))
