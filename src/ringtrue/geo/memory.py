"""What loops over large grids ask of memory: hints to fetch a cell before it is needed, and two neighbours in one load.

None of it changes a result. A hint off the array has no effect; a load of two does not look whether both are there.
"""
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: ANN001, ANN201, ANN202

from __future__ import annotations

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

FOR_READING, FOR_WRITING = 0, 1
KEEP_NEAR, DATA = 3, 1
FLOAT32_BYTES = 4


def _address(context, builder, signature, arguments, width_bits):
    array, index = arguments
    data = context.make_array(signature.args[0])(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), ir.IntType(width_bits).as_pointer())


def _hint(purpose):
    @intrinsic
    def prefetch(_typing_context, array, index):
        """Hint that the cell ``index`` of the flat ``array`` is needed soon."""

        def generate(context, builder, signature, arguments):
            address = _address(context, builder, signature, arguments, 8)
            number = ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [address.type, number, number, number])
            hint = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
            builder.call(hint, [address, number(purpose), number(KEEP_NEAR), number(DATA)])
            return context.get_dummy_value()

        return types.void(array, types.int64), generate

    return prefetch


prefetch_for_reading = _hint(FOR_READING)
prefetch_for_writing = _hint(FOR_WRITING)


@intrinsic
def load_two(_typing_context, array, index):
    """Load the cells ``index`` and ``index + 1`` of a flat float32 array as the bits of one int64."""

    def generate(context, builder, signature, arguments):
        both = builder.load(_address(context, builder, signature, arguments, 64))
        both.align = FLOAT32_BYTES
        return both

    return types.int64(array, types.int64), generate
