"""Predicts the quality of wine: three dense layers, each followed by dropout and then normalization.

Architecture: Kaggle/learntools @8a8d4450a699, notebooks/deep_learning_intro/raw/tut5.ipynb (Apache-2.0).
Here: 128 units instead of 1,024.
Data: digits (64,)
"""

from keras import layers, models


def build(shape, classes):
    return models.Sequential(
        [
            layers.Input(shape),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
            layers.BatchNormalization(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
            layers.BatchNormalization(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
            layers.BatchNormalization(),
            layers.Dense(classes),
        ]
    )
