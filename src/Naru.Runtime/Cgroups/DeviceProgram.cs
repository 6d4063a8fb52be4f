using System.Buffers.Binary;
using Naru.Base;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Cgroups;

/// <summary>Compiles device rules to a BPF_PROG_TYPE_CGROUP_DEVICE program (8 bytes an instruction): the last rule that matches decides, none denies.</summary>
/// <remarks>Context: struct bpf_cgroup_dev_ctx { u32 access_type; u32 major; u32 minor; }, access_type = access «16» device type.</remarks>
internal static class DeviceProgram
{
    private const byte LoadWord = 0x61, MoveRegister = 0xbc, AndImmediate = 0x54, ShiftRight = 0x74, JumpEqual = 0x15, JumpNotEqual = 0x55, JumpNotEqualRegister = 0x5d,
        MoveImmediate = 0xb4, Return = 0x95;

    public static byte[] Build(IReadOnlyList<DeviceRule> rules)
    {
        var code = new List<byte>();
        // r2 = device type, r3 = access, r4 = major, r5 = minor
        Emit(code, LoadWord, 2, 1, 0, 0);
        Emit(code, AndImmediate, 2, 0, 0, 0xFFFF);
        Emit(code, LoadWord, 3, 1, 0, 0);
        Emit(code, ShiftRight, 3, 0, 0, 16);
        Emit(code, LoadWord, 4, 1, 4, 0);
        Emit(code, LoadWord, 5, 1, 8, 0);
        foreach (var rule in rules.Reverse())
        {
            EmitRule(code, rule);
            if (DeviceRules.IsAboutAll(rule))
                return [.. code];
        }

        Emit(code, MoveImmediate, 0, 0, 0, 0);
        Emit(code, Return, 0, 0, 0, 0);
        return [.. code];
    }

    private static void EmitRule(List<byte> code, DeviceRule rule)
    {
        if (DeviceRules.IsAboutAll(rule))
        {
            EmitAnswer(code, rule);
            return;
        }

        var access = AccessOf(rule);
        var type = rule.Type switch { "b" => 1, "c" => 2, _ => throw NaruException.Invalid($"invalid cgroup device type \"{rule.Type}\"") };
        var length = 1 + (access != 7 ? 3 : 0) + (rule.Major is null or -1 ? 0 : 1) + (rule.Minor is null or -1 ? 0 : 1) + 2;
        var position = 0;
        short Rest() => (short)(length - ++position);
        Emit(code, JumpNotEqual, 2, 0, Rest(), type);
        if (access != 7)
        {
            // What is allowed must have in it all that is asked, (asked & rule) == asked; what is denied, any of it.
            Emit(code, MoveRegister, 1, 3, 0, 0);
            position++;
            Emit(code, AndImmediate, 1, 0, 0, access);
            position++;
            if (rule.Allow)
                Emit(code, JumpNotEqualRegister, 1, 3, Rest(), 0);
            else
                Emit(code, JumpEqual, 1, 0, Rest(), 0);
        }

        if (rule.Major is { } major and not -1)
            Emit(code, JumpNotEqual, 4, 0, Rest(), (int)major);
        if (rule.Minor is { } minor and not -1)
            Emit(code, JumpNotEqual, 5, 0, Rest(), (int)minor);
        EmitAnswer(code, rule);
    }

    private static void EmitAnswer(List<byte> code, DeviceRule rule)
    {
        Emit(code, MoveImmediate, 0, 0, 0, rule.Allow ? 1 : 0);
        Emit(code, Return, 0, 0, 0, 0);
    }

    private static int AccessOf(DeviceRule rule)
    {
        var access = string.IsNullOrEmpty(rule.Access) ? "rwm" : rule.Access;
        return (access.Contains('m') ? 1 : 0) | (access.Contains('r') ? 2 : 0) | (access.Contains('w') ? 4 : 0);
    }

    private static void Emit(List<byte> code, byte operation, byte destination, byte source, short offset, int immediate)
    {
        Span<byte> instruction = stackalloc byte[8];
        instruction[0] = operation;
        instruction[1] = (byte)(source << 4 | destination);
        BinaryPrimitives.WriteInt16LittleEndian(instruction[2..], offset);
        BinaryPrimitives.WriteInt32LittleEndian(instruction[4..], immediate);
        code.AddRange(instruction);
    }
}
