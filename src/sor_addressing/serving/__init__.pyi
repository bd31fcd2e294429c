# The names of this room: the only list of them, which _lazy.py reads too.
from sor_addressing.errors import QuestionError as QuestionError
from sor_addressing.errors import SchemaUnknown as SchemaUnknown
from sor_addressing.serving.questions import answer_question as answer_question
from sor_addressing.serving.schemas import schema as schema
from sor_addressing.serving.schemas import schema_names as schema_names
