"""The pruning example of the TensorFlow Model Optimization Toolkit: one normalization, after activation and pooling.

Architecture: tensorflow/model-optimization @6fbc2cec3984,
tensorflow_model_optimization/python/examples/sparsity/keras/mnist/mnist_cnn.py (Apache-2.0).
Here: kernels of size 3 instead of 5, a quarter of the filters, an eighth of the units.
Data: digits (8, 8, 1)
"""

import keras
from keras import layers


def build(shape, classes):
    inputs = keras.Input(shape)
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
    x = layers.MaxPooling2D((2, 2), (2, 2), padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D((2, 2), (2, 2), padding="same")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(128, activation="relu")(x)
    x = layers.Dropout(0.4)(x)
    return keras.Model(inputs, layers.Dense(classes)(x))
