using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>The device program (bpf(2), BPF_PROG_TYPE_CGROUP_DEVICE) of a v2 cgroup.</summary>
public static unsafe class DeviceFilter
{
    private const uint ProgramLoad = 5, ProgramAttach = 8, ProgramDetach = 9, ProgramById = 13, ProgramQuery = 16;
    private const uint CgroupDevice = 15, AttachDevice = 6, AllowMulti = 2, ReplaceOne = 4;
    private const int AttributeBytes = 128, Most = 64;

    /// <summary>Attaches a program to a cgroup that has none.</summary>
    /// <param name="folder">The cgroup.</param>
    /// <param name="program">Instructions of 8 bytes each.</param>
    public static void Attach(string folder, ReadOnlySpan<byte> program)
    {
        using var cgroup = Files.Open(folder, OpenFlags.ReadOnly | OpenFlags.Directory);
        using var loaded = Load(program);
        Attach(cgroup, loaded, AllowMulti, null);
    }

    /// <summary>Attaches a program in the place of those that are there: at no moment is there none. An empty program only takes them away.</summary>
    public static void Replace(string folder, ReadOnlySpan<byte> program)
    {
        using var cgroup = Files.Open(folder, OpenFlags.ReadOnly | OpenFlags.Directory);
        var old = Attached(cgroup);
        try
        {
            if (program.Length > 0)
            {
                using var loaded = Load(program);
                if (old.Count == 1)
                {
                    Attach(cgroup, loaded, AllowMulti | ReplaceOne, old[0]);
                    return;
                }

                // All programs must agree: with the new one beside them nothing is allowed that it does not allow.
                Attach(cgroup, loaded, AllowMulti, null);
            }

            foreach (var other in old)
                Detach(cgroup, other);
        }
        finally
        {
            old.ForEach(handle => handle.Dispose());
        }
    }

    private static SafeFileHandle Load(ReadOnlySpan<byte> program)
    {
        fixed (byte* code = program)
        fixed (byte* license = "Apache\0"u8)
        {
            // union bpf_attr of BPF_PROG_LOAD: prog_type, insn_cnt, insns, license, …
            var load = stackalloc ulong[AttributeBytes / sizeof(ulong)];
            new Span<byte>(load, AttributeBytes).Clear();
            (load[0], load[1], load[2]) = (CgroupDevice | (ulong)(program.Length / 8) << 32, (ulong)code, (ulong)license);
            return Files.Own((int)Call(ProgramLoad, load), "bpf", "BPF_PROG_LOAD");
        }
    }

    private static void Attach(SafeFileHandle cgroup, SafeFileHandle program, uint flags, SafeFileHandle? old)
    {
        // target_fd, attach_bpf_fd, attach_type, attach_flags, replace_bpf_fd
        var attach = stackalloc uint[AttributeBytes / sizeof(uint)];
        new Span<byte>(attach, AttributeBytes).Clear();
        (attach[0], attach[1], attach[2], attach[3]) = ((uint)Files.Raw(cgroup), (uint)Files.Raw(program), AttachDevice, flags);
        attach[4] = old is null ? 0 : (uint)Files.Raw(old);
        Errno.Check(Call(ProgramAttach, attach), "bpf", "BPF_PROG_ATTACH");
    }

    private static void Detach(SafeFileHandle cgroup, SafeFileHandle program)
    {
        var detach = stackalloc uint[AttributeBytes / sizeof(uint)];
        new Span<byte>(detach, AttributeBytes).Clear();
        (detach[0], detach[1], detach[2]) = ((uint)Files.Raw(cgroup), (uint)Files.Raw(program), AttachDevice);
        Errno.Check(Call(ProgramDetach, detach), "bpf", "BPF_PROG_DETACH");
    }

    private static List<SafeFileHandle> Attached(SafeFileHandle cgroup)
    {
        // target_fd, attach_type, query_flags, attach_flags, prog_ids (8 bytes), prog_cnt
        var ids = stackalloc uint[Most];
        var query = stackalloc uint[AttributeBytes / sizeof(uint)];
        new Span<byte>(query, AttributeBytes).Clear();
        (query[0], query[1], query[6]) = ((uint)Files.Raw(cgroup), AttachDevice, Most);
        *(ulong*)(query + 4) = (ulong)ids;
        Errno.Check(Call(ProgramQuery, query), "bpf", "BPF_PROG_QUERY");
        var found = new List<SafeFileHandle>();
        for (var index = 0; index < query[6]; index++)
            found.Add(ById(ids[index]));
        return found;
    }

    private static SafeFileHandle ById(uint id)
    {
        var attributes = stackalloc uint[AttributeBytes / sizeof(uint)];
        new Span<byte>(attributes, AttributeBytes).Clear();
        attributes[0] = id;
        return Files.Own((int)Call(ProgramById, attributes), "bpf", "BPF_PROG_GET_FD_BY_ID");
    }

    private static long Call(uint command, void* attributes) => Libc.syscall(Libc.SYS_bpf, command, (nuint)attributes, AttributeBytes, 0, 0);
}
