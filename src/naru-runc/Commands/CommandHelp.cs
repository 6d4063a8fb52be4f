namespace Naru.Runc.Commands;

/// <summary>What <c>COMMAND --help</c> prints, in the layout of runc's.</summary>
internal static class CommandHelp
{
    private const string Start = """
           --bundle value, -b value  the bundle's folder (default: the current one)
           --console-socket value    unix socket that receives the master of the container's terminal
           --pid-file value          file to write the process's id to
           --no-pivot                move the root file system in place of pivot_root, as on a ramdisk
           --no-new-keyring          keep the caller's session keyring
           --preserve-fds value      pass N more descriptors on (standard streams, $LISTEN_FDS, N in total) (default: 0)

        """;

    private static readonly (string Name, string Does, string Words, string Options)[] Commands =
    [
        ("create", "create a container", "<container-id>", Start),
        ("delete", "delete any resources held by the container", "<container-id>", "   --force, -f  kill the container if it still runs (uses SIGKILL)\n"),
        ("events", "display the container's numbers and its deaths for want of memory", "<container-id>",
            "   --interval value  how often (default: 5s)\n   --stats           display the numbers once\n"),
        ("exec", "execute new process inside the container", "<container-id> <command> [command options]  || -p process.json <container-id>", """
           --console-socket value             unix socket that receives the master of the process's terminal
           --cwd value                        working directory in the container
           --env value, -e value              set environment variables
           --tty, -t                          allocate a terminal
           --user value, -u value             UID (format: <uid>[:<gid>])
           --additional-gids value, -g value  additional gids
           --process value, -p value          path to the process.json
           --detach, -d                       detach from the container's process
           --pid-file value                   file to write the process's id to
           --apparmor value                   apparmor profile of the process
           --no-new-privs                     set no_new_privs
           --cap value, -c value              add a capability
           --preserve-fds value               pass N more descriptors on (default: 0)
           --ignore-paused                    allow exec in a paused container

        """),
        ("kill", "send a signal to the container's init process (default: SIGTERM)", "<container-id> [signal]", "   --all, -a  to all of its processes\n"),
        ("list", "list containers started with the given root", "",
            "   --format value, -f value  select one of: table or json (default: \"table\")\n   --quiet, -q               display only container IDs\n"),
        ("pause", "suspend all processes inside the container", "<container-id>", ""),
        ("ps", "display the processes running inside a container", "<container-id> [ps options]",
            "   --format value, -f value  select one of: table or json (default: \"table\")\n"),
        ("resume", "resume all processes that have been paused", "<container-id>", ""),
        ("run", "create and run a container", "<container-id>", Start + """
           --detach, -d              detach from the container's process
           --keep                    do not delete the container after it exits
           --no-subreaper            accepted: processes of a container are never this program's to reap

        """),
        ("spec", "create a new specification file", "", "   --bundle value, -b value  the bundle's folder\n"),
        ("start", "execute the user defined process in a created container", "<container-id>", ""),
        ("state", "output the state of a container", "<container-id>", ""),
        ("update", "update container resource constraints", "<container-id>", """
           --resources value, -r value  a JSON file of resources ("-": standard input); then the other options are not looked at
           --blkio-weight value         per cgroup weight, from 10 to 1000
           --cpu-period value           period of the quota (microseconds)
           --cpu-quota value            CPU time in a period (microseconds)
           --cpu-burst value            unused CPU time that may add up (microseconds)
           --cpu-share value            weight against other containers
           --cpu-rt-period value        realtime period (microseconds)
           --cpu-rt-runtime value       realtime CPU time in a period (microseconds)
           --cpu-idle value             1: SCHED_IDLE
           --cpuset-cpus value          CPUs to use
           --cpuset-mems value          memory nodes to use
           --memory value               memory limit (bytes, or with a unit)
           --memory-reservation value   memory reservation
           --memory-swap value          memory and swap together; -1: no limit
           --pids-limit value           number of tasks

        """),
        ("features", "show the enabled features", "", ""),
    ];

    /// <summary>Null: there is no such command.</summary>
    public static string? Of(string command)
    {
        foreach (var (name, does, words, options) in Commands)
        {
            if (name == command)
                return $"NAME:\n   naru-runc {name} - {does}\n\nUSAGE:\n   naru-runc {name}{(options.Length > 0 ? " [command options]" : "")} {words}\n\nOPTIONS:\n{options}   --help, -h  show help\n";
        }

        return null;
    }
}
