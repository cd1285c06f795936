"""The interpreter's model of Keras: layers, models and activations."""
