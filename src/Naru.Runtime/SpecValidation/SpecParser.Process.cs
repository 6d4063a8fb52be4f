using Naru.Oci.Runtime;

namespace Naru.Runtime.SpecValidation;

/// <summary>process</summary>
internal static partial class SpecParser
{
    public static Process ProcessOf(ref JsonCursor json)
    {
        bool terminal = false;
        ConsoleSize? consoleSize = null;
        User? user = null;
        IReadOnlyList<string>? args = null;
        string? commandLine = null;
        IReadOnlyList<string>? env = null;
        string cwd = "";
        Capabilities? capabilities = null;
        IReadOnlyList<Rlimit>? rlimits = null;
        bool noNewPrivileges = false;
        string? apparmorProfile = null;
        int? oomScoreAdj = null;
        Scheduler? scheduler = null;
        string? selinuxLabel = null;
        IoPriority? ioPriority = null;
        CpuAffinity? execCpuAffinity = null;
        while (json.Next())
        {
            if (json.Is("terminal"u8))
                terminal = json.Flag() ?? false;
            else if (json.Is("consoleSize"u8))
                consoleSize = json.Object(ConsoleSizeOf);
            else if (json.Is("user"u8))
                user = json.Object(UserOf);
            else if (json.Is("args"u8))
                args = json.Texts();
            else if (json.Is("commandLine"u8))
                commandLine = json.Text();
            else if (json.Is("env"u8))
                env = json.Texts();
            else if (json.Is("cwd"u8))
                cwd = json.Text() ?? "";
            else if (json.Is("capabilities"u8))
                capabilities = json.Object(CapabilitiesOf);
            else if (json.Is("rlimits"u8))
                rlimits = json.List(RlimitOf);
            else if (json.Is("noNewPrivileges"u8))
                noNewPrivileges = json.Flag() ?? false;
            else if (json.Is("apparmorProfile"u8))
                apparmorProfile = json.Text();
            else if (json.Is("oomScoreAdj"u8))
                oomScoreAdj = json.Int32();
            else if (json.Is("scheduler"u8))
                scheduler = json.Object(SchedulerOf);
            else if (json.Is("selinuxLabel"u8))
                selinuxLabel = json.Text();
            else if (json.Is("ioPriority"u8))
                ioPriority = json.Object(IoPriorityOf);
            else if (json.Is("execCPUAffinity"u8))
                execCpuAffinity = json.Object(CpuAffinityOf);
            else
                json.Skip();
        }

        return new Process
        {
            Terminal = terminal,
            ConsoleSize = consoleSize,
            User = user,
            Args = args,
            CommandLine = commandLine,
            Env = env,
            Cwd = cwd,
            Capabilities = capabilities,
            Rlimits = rlimits,
            NoNewPrivileges = noNewPrivileges,
            ApparmorProfile = apparmorProfile,
            OomScoreAdj = oomScoreAdj,
            Scheduler = scheduler,
            SelinuxLabel = selinuxLabel,
            IoPriority = ioPriority,
            ExecCpuAffinity = execCpuAffinity,
        };
    }

    private static ConsoleSize ConsoleSizeOf(ref JsonCursor json)
    {
        uint height = 0;
        uint width = 0;
        while (json.Next())
        {
            if (json.Is("height"u8))
                height = json.UInt32() ?? 0;
            else if (json.Is("width"u8))
                width = json.UInt32() ?? 0;
            else
                json.Skip();
        }

        return new ConsoleSize
        {
            Height = height,
            Width = width,
        };
    }

    private static User UserOf(ref JsonCursor json)
    {
        uint uid = 0;
        uint gid = 0;
        uint? umask = null;
        IReadOnlyList<uint>? additionalGids = null;
        string? username = null;
        while (json.Next())
        {
            if (json.Is("uid"u8))
                uid = json.UInt32() ?? 0;
            else if (json.Is("gid"u8))
                gid = json.UInt32() ?? 0;
            else if (json.Is("umask"u8))
                umask = json.UInt32();
            else if (json.Is("additionalGids"u8))
                additionalGids = json.Numbers();
            else if (json.Is("username"u8))
                username = json.Text();
            else
                json.Skip();
        }

        return new User
        {
            Uid = uid,
            Gid = gid,
            Umask = umask,
            AdditionalGids = additionalGids,
            Username = username,
        };
    }

    private static Capabilities CapabilitiesOf(ref JsonCursor json)
    {
        IReadOnlyList<string>? bounding = null;
        IReadOnlyList<string>? effective = null;
        IReadOnlyList<string>? inheritable = null;
        IReadOnlyList<string>? permitted = null;
        IReadOnlyList<string>? ambient = null;
        while (json.Next())
        {
            if (json.Is("bounding"u8))
                bounding = json.Texts();
            else if (json.Is("effective"u8))
                effective = json.Texts();
            else if (json.Is("inheritable"u8))
                inheritable = json.Texts();
            else if (json.Is("permitted"u8))
                permitted = json.Texts();
            else if (json.Is("ambient"u8))
                ambient = json.Texts();
            else
                json.Skip();
        }

        return new Capabilities
        {
            Bounding = bounding,
            Effective = effective,
            Inheritable = inheritable,
            Permitted = permitted,
            Ambient = ambient,
        };
    }

    private static Rlimit RlimitOf(ref JsonCursor json)
    {
        string type = "";
        ulong hard = 0;
        ulong soft = 0;
        while (json.Next())
        {
            if (json.Is("type"u8))
                type = json.Text() ?? "";
            else if (json.Is("hard"u8))
                hard = json.UInt64() ?? 0;
            else if (json.Is("soft"u8))
                soft = json.UInt64() ?? 0;
            else
                json.Skip();
        }

        return new Rlimit
        {
            Type = type,
            Hard = hard,
            Soft = soft,
        };
    }

    private static Scheduler SchedulerOf(ref JsonCursor json)
    {
        string policy = "";
        int? nice = null;
        int? priority = null;
        IReadOnlyList<string>? flags = null;
        ulong? runtime = null;
        ulong? deadline = null;
        ulong? period = null;
        while (json.Next())
        {
            if (json.Is("policy"u8))
                policy = json.Text() ?? "";
            else if (json.Is("nice"u8))
                nice = json.Int32();
            else if (json.Is("priority"u8))
                priority = json.Int32();
            else if (json.Is("flags"u8))
                flags = json.Texts();
            else if (json.Is("runtime"u8))
                runtime = json.UInt64();
            else if (json.Is("deadline"u8))
                deadline = json.UInt64();
            else if (json.Is("period"u8))
                period = json.UInt64();
            else
                json.Skip();
        }

        return new Scheduler
        {
            Policy = policy,
            Nice = nice,
            Priority = priority,
            Flags = flags,
            Runtime = runtime,
            Deadline = deadline,
            Period = period,
        };
    }

    private static IoPriority IoPriorityOf(ref JsonCursor json)
    {
        string @class = "";
        int priority = 0;
        while (json.Next())
        {
            if (json.Is("class"u8))
                @class = json.Text() ?? "";
            else if (json.Is("priority"u8))
                priority = json.Int32() ?? 0;
            else
                json.Skip();
        }

        return new IoPriority
        {
            Class = @class,
            Priority = priority,
        };
    }

    private static CpuAffinity CpuAffinityOf(ref JsonCursor json)
    {
        string? initial = null;
        string? @final = null;
        while (json.Next())
        {
            if (json.Is("initial"u8))
                initial = json.Text();
            else if (json.Is("final"u8))
                @final = json.Text();
            else
                json.Skip();
        }

        return new CpuAffinity
        {
            Initial = initial,
            Final = @final,
        };
    }
}
