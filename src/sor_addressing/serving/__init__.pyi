# The names of this room: the only list of them, which _lazy.py reads too.
from sor_addressing.errors import QuestionError as QuestionError
from sor_addressing.serving.questions import answer_question as answer_question
