"""Finds exoplanets in light curves: one-dimensional convolutions, with normalization after each pooling.

Architecture: adgirish/kaggleScape @18bede8420ab, data/script161.py (no license named).
Here: kernels of size 5 instead of 11, pooling by 2 instead of 4, three of four convolutions, for signals of length 40.
Data: mnist1d (40, 1)
"""

from keras.layers import BatchNormalization, Conv1D, Dense, Dropout, Flatten, Input, MaxPooling1D
from keras.models import Sequential


def build(shape, classes):
    model = Sequential()
    model.add(Input(shape))
    model.add(Conv1D(filters=8, kernel_size=5, activation="relu"))
    model.add(MaxPooling1D(strides=2))
    model.add(BatchNormalization())
    model.add(Conv1D(filters=16, kernel_size=5, activation="relu"))
    model.add(MaxPooling1D(strides=2))
    model.add(BatchNormalization())
    model.add(Conv1D(filters=32, kernel_size=5, activation="relu"))
    model.add(Flatten())
    model.add(Dropout(0.5))
    model.add(Dense(64, activation="relu"))
    model.add(Dropout(0.25))
    model.add(Dense(64, activation="relu"))
    model.add(Dense(classes))
    return model
