using Naru.Oci.Runtime;

namespace Naru.Runtime.SpecValidation;

/// <summary>linux.seccomp</summary>
internal static partial class SpecParser
{
    private static Oci.Runtime.Seccomp SeccompOf(ref JsonCursor json)
    {
        string defaultAction = "";
        uint? defaultErrnoRet = null;
        IReadOnlyList<string>? architectures = null;
        IReadOnlyList<string>? flags = null;
        string? listenerPath = null;
        string? listenerMetadata = null;
        IReadOnlyList<SeccompRule>? syscalls = null;
        while (json.Next())
        {
            if (json.Is("defaultAction"u8))
                defaultAction = json.Text() ?? "";
            else if (json.Is("defaultErrnoRet"u8))
                defaultErrnoRet = json.UInt32();
            else if (json.Is("architectures"u8))
                architectures = json.Texts();
            else if (json.Is("flags"u8))
                flags = json.Texts();
            else if (json.Is("listenerPath"u8))
                listenerPath = json.Text();
            else if (json.Is("listenerMetadata"u8))
                listenerMetadata = json.Text();
            else if (json.Is("syscalls"u8))
                syscalls = json.List(SeccompRuleOf);
            else
                json.Skip();
        }

        return new Oci.Runtime.Seccomp
        {
            DefaultAction = defaultAction,
            DefaultErrnoRet = defaultErrnoRet,
            Architectures = architectures,
            Flags = flags,
            ListenerPath = listenerPath,
            ListenerMetadata = listenerMetadata,
            Syscalls = syscalls,
        };
    }

    private static SeccompRule SeccompRuleOf(ref JsonCursor json)
    {
        IReadOnlyList<string> names = [];
        string action = "";
        uint? errnoRet = null;
        IReadOnlyList<SeccompArgument>? args = null;
        while (json.Next())
        {
            if (json.Is("names"u8))
                names = json.Texts() ?? [];
            else if (json.Is("action"u8))
                action = json.Text() ?? "";
            else if (json.Is("errnoRet"u8))
                errnoRet = json.UInt32();
            else if (json.Is("args"u8))
                args = json.List(SeccompArgumentOf);
            else
                json.Skip();
        }

        return new SeccompRule
        {
            Names = names,
            Action = action,
            ErrnoRet = errnoRet,
            Args = args,
        };
    }

    private static SeccompArgument SeccompArgumentOf(ref JsonCursor json)
    {
        uint index = 0;
        ulong value = 0;
        ulong? valueTwo = null;
        string op = "";
        while (json.Next())
        {
            if (json.Is("index"u8))
                index = json.UInt32() ?? 0;
            else if (json.Is("value"u8))
                value = json.UInt64() ?? 0;
            else if (json.Is("valueTwo"u8))
                valueTwo = json.UInt64();
            else if (json.Is("op"u8))
                op = json.Text() ?? "";
            else
                json.Skip();
        }

        return new SeccompArgument
        {
            Index = index,
            Value = value,
            ValueTwo = valueTwo,
            Op = op,
        };
    }
}
