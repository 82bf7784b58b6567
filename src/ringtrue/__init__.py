"""RingTrue: does a published air-defence ring ring true?"""

__version__ = "0.1.0"
