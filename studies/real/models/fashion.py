"""Classifies images of clothes: convolutions with ELU, and dropout before the normalization of the next block.

Architecture: tensorflow/tpu @7dc921f846c9, tools/colab/fashion_mnist.ipynb (Apache-2.0).
Here: kernels of size 3 instead of 5, an eighth of the filters and units.
Data: digits (8, 8, 1)
"""

from keras import layers, models


def build(shape, classes):
    model = models.Sequential()
    model.add(layers.Input(shape))
    model.add(layers.BatchNormalization())
    model.add(layers.Conv2D(8, (3, 3), padding="same", activation="elu"))
    model.add(layers.MaxPooling2D(pool_size=(2, 2), strides=(2, 2)))
    model.add(layers.Dropout(0.25))

    model.add(layers.BatchNormalization())
    model.add(layers.Conv2D(16, (3, 3), padding="same", activation="elu"))
    model.add(layers.MaxPooling2D(pool_size=(2, 2)))
    model.add(layers.Dropout(0.25))

    model.add(layers.BatchNormalization())
    model.add(layers.Conv2D(32, (3, 3), padding="same", activation="elu"))
    model.add(layers.MaxPooling2D(pool_size=(2, 2), strides=(2, 2)))
    model.add(layers.Dropout(0.25))

    model.add(layers.Flatten())
    model.add(layers.Dense(32))
    model.add(layers.Activation("elu"))
    model.add(layers.Dropout(0.5))
    model.add(layers.Dense(classes))
    return model
