namespace Naru.Runtime.Seccomp;

/// <summary>How an argument is compared: the runtime-spec's SCMP_CMP_*. Numbers are unsigned.</summary>
internal enum SeccompOperator
{
    NotEqual = 1,
    Less,
    AtMost,
    Equal,
    AtLeast,
    Greater,
    MaskedEqual,
}
