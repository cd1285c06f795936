"""Finds questions with the same meaning: an LSTM, then dense layers with dropout before each normalization.

Architecture: adgirish/kaggleScape @18bede8420ab, data/rscript94.py (no license named).
Here: one branch instead of two, no embedding, 32 and 64 units, a rate of 0.2 instead of a random one (0.15 to 0.4).
Data: digits (8, 8)
"""

from keras import Input, Model
from keras.layers import LSTM, BatchNormalization, Dense, Dropout


def build(shape, classes):
    sequence = Input(shape)
    merged = LSTM(32)(sequence)
    merged = Dropout(0.2)(merged)
    merged = BatchNormalization()(merged)

    merged = Dense(64, activation="relu")(merged)
    merged = Dropout(0.2)(merged)
    merged = BatchNormalization()(merged)

    return Model(sequence, Dense(classes)(merged))
