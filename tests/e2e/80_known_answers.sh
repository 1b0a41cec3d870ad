# Known answers recomputed by an independent implementation.
. tests/e2e/lib.sh
python3 tests/e2e/known_answers.py
