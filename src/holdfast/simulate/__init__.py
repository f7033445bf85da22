"""A generative model of therapy: demonstration data, calibration studies, power."""
