"""The discriminator of a semi-supervised GAN, trained as a classifier.

Architecture: onnx/keras-onnx @3b6da290c21b, applications/nightly_build/test_sgan.py (Apache-2.0), after
eriklindernoren/Keras-GAN.
Here: three of four convolutions, a quarter of the filters.
Data: digits (8, 8, 1)
"""

from keras.layers import BatchNormalization, Conv2D, Dense, Dropout, Flatten, Input, LeakyReLU
from keras.models import Sequential


def build(shape, classes):
    model = Sequential()
    model.add(Input(shape))
    model.add(Conv2D(8, kernel_size=3, strides=2, padding="same"))
    model.add(LeakyReLU(0.2))
    model.add(Dropout(0.25))
    model.add(Conv2D(16, kernel_size=3, strides=2, padding="same"))
    model.add(LeakyReLU(0.2))
    model.add(Dropout(0.25))
    model.add(BatchNormalization(momentum=0.8))
    model.add(Conv2D(32, kernel_size=3, strides=2, padding="same"))
    model.add(LeakyReLU(0.2))
    model.add(Dropout(0.25))
    model.add(BatchNormalization(momentum=0.8))
    model.add(Flatten())
    model.add(Dense(classes))
    return model
