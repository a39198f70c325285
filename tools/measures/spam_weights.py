"""Weights of `spam_like`, written by `python -m benchmarks.spam_weights`; see NOTICE for the data that they come from."""

BIAS = -5.2018
WEIGHTS = {
    "length": 2.9001,
    "digits": 3.9560,
    "capitals": 0.9515,
    "addresses": 2.1851,
    "long numbers": 2.8812,
    "currency": 1.3003,
    "marks of exclamation": 0.9104,
    "marks of question": 0.3334,
    "ellipses": -1.3520,
    "prize words": 1.4406,
    "money words": 0.7980,
    "free words": 1.0269,
    "call words": 3.1848,
    "terms": 2.2565,
    "urgency": 1.4692,
    "shop words": 2.2692,
    "romance": 2.0587,
    "talk": -2.3691,
}
