namespace Naru.Linux;

/// <summary>Attaches a device program (bpf(2), BPF_PROG_TYPE_CGROUP_DEVICE) to a v2 cgroup.</summary>
public static unsafe class DeviceFilter
{
    /// <param name="folder">The cgroup.</param>
    /// <param name="program">Instructions of 8 bytes each.</param>
    public static void Attach(string folder, ReadOnlySpan<byte> program)
    {
        const uint programLoad = 5, programAttach = 8, cgroupDevice = 15, attachDevice = 6, allowMulti = 2;
        using var cgroup = Files.Open(folder, OpenFlags.ReadOnly | OpenFlags.Directory);
        fixed (byte* code = program)
        fixed (byte* license = "Apache\0"u8)
        {
            // union bpf_attr of BPF_PROG_LOAD: prog_type, insn_cnt, insns, license, …
            var load = stackalloc ulong[16];
            new Span<ulong>(load, 16).Clear();
            (load[0], load[1], load[2]) = (cgroupDevice | (ulong)(program.Length / 8) << 32, (ulong)code, (ulong)license);
            using var loaded = Files.Own((int)Libc.syscall(Libc.SYS_bpf, programLoad, (nuint)load, 128, 0, 0), "bpf", "BPF_PROG_LOAD");
            // BPF_PROG_ATTACH: target_fd, attach_bpf_fd, attach_type, attach_flags
            var attach = stackalloc uint[32];
            new Span<uint>(attach, 32).Clear();
            (attach[0], attach[1], attach[2], attach[3]) = ((uint)Files.Raw(cgroup), (uint)Files.Raw(loaded), attachDevice, allowMulti);
            Errno.Check(Libc.syscall(Libc.SYS_bpf, programAttach, (nuint)attach, 128, 0, 0), "bpf", "BPF_PROG_ATTACH");
        }
    }
}
