"""What code in a cell may try. Each attack gives what it got; a cell that stops it raises, or ends."""

import attacks_by_answers as attacks_by_answers
import attacks_by_force as attacks_by_force
import attacks_on_others as attacks_on_others
from tried import ATTACKS as ATTACKS
from tried import RAN as RAN
from tried import attempt as attempt
