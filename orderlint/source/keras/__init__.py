"""What the interpreter knows of Keras: layers, models and activations."""
