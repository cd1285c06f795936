"""Finds the author of a sentence from the average of its word vectors, with dense layers.

Architecture: adgirish/kaggleScape @18bede8420ab, data/script764.py (no license named).
Here: none.
Data: digits (64,)
"""

from keras.layers import BatchNormalization, Dense, Dropout, Input
from keras.models import Sequential


def build(shape, classes):
    model = Sequential()
    model.add(Input(shape))

    model.add(Dense(128, activation="relu"))
    model.add(Dropout(0.3))
    model.add(BatchNormalization())

    model.add(Dense(128, activation="relu"))
    model.add(Dropout(0.3))
    model.add(BatchNormalization())

    model.add(Dense(classes))
    return model
