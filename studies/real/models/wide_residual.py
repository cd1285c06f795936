"""A wide residual network: each block has dropout before the normalization between its two convolutions.

Architecture: amaiya/ktrain @fdbeda6edfdd, ktrain/vision/wrn.py (Apache-2.0), after Zagoruyko and Komodakis.
Here: two blocks of 8 filters, a rate of 0.3 (as in the paper), no weight decay.
Data: digits (8, 8, 1)
"""

import keras
from keras import layers


def build(shape, classes):
    inputs = keras.Input(shape)
    x = layers.Conv2D(8, (3, 3), padding="same", use_bias=False)(inputs)
    x = block(x)
    x = block(x)
    x = layers.BatchNormalization(momentum=0.1, epsilon=1e-5, gamma_initializer="uniform")(x)
    x = layers.Activation("relu")(x)
    x = layers.AveragePooling2D((4, 4))(x)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(classes)(x))


def block(start):
    x = layers.BatchNormalization(momentum=0.1, epsilon=1e-5, gamma_initializer="uniform")(start)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(8, (3, 3), padding="same", kernel_initializer="he_normal", use_bias=False)(x)
    x = layers.Dropout(0.3)(x)
    x = layers.BatchNormalization(momentum=0.1, epsilon=1e-5, gamma_initializer="uniform")(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(8, (3, 3), padding="same", kernel_initializer="he_normal", use_bias=False)(x)
    return layers.Add()([start, x])
