# The blob of headers as a part of the program; FTAUDIT_BLOB is its file.
        .section .rodata.ftaudit_carried, "a", @progbits
        .balign 16
        .globl ftaudit_carried_begin
ftaudit_carried_begin:
        .incbin FTAUDIT_BLOB
        .globl ftaudit_carried_end
ftaudit_carried_end:
        .byte 0
        .section .note.GNU-stack, "", @progbits
