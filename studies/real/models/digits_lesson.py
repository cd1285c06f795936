"""A lesson on batch normalization, which follows each activation and pooling. There is no dropout.

Architecture: christianversloot/keras-cnn @ba2451684086, model_batchnorm.py (CC0).
Here: padded convolutions, a quarter of the filters and units.
Data: digits (8, 8, 1)
"""

from keras.layers import BatchNormalization, Conv2D, Dense, Flatten, Input, MaxPooling2D
from keras.models import Sequential


def build(shape, classes):
    model = Sequential()
    model.add(Input(shape))
    model.add(Conv2D(8, kernel_size=(3, 3), padding="same", activation="relu"))
    model.add(BatchNormalization())
    model.add(MaxPooling2D(pool_size=(2, 2)))
    model.add(BatchNormalization())
    model.add(Conv2D(16, kernel_size=(3, 3), padding="same", activation="relu"))
    model.add(BatchNormalization())
    model.add(MaxPooling2D(pool_size=(2, 2)))
    model.add(BatchNormalization())
    model.add(Flatten())
    model.add(Dense(64, activation="relu"))
    model.add(BatchNormalization())
    model.add(Dense(classes))
    return model
