using Naru.Base;
using Naru.Linux;
using Naru.Runc.CommandLine;

namespace Naru.Runc.Commands;

/// <summary>spec: a first config.json.</summary>
internal static class SpecCommand
{
    private const string File = "config.json";

    public static CommandDefinition Definition { get; } = new("spec", "create a new specification file", Write)
    {
        Words = null,
        Description = """
            The spec command writes the file named "config.json" of a bundle: a beginning, to
            be edited. Its args parameter says "sh".

            EXAMPLE:
            A container of what is in the folder hello/rootfs, that runs its program /hello:

                cd hello
                naru-runc spec
                sed -i 's;"sh";"/hello";' config.json
                naru-runc run container1

            A user who is not root needs a file made with --rootless. Root of a user namespace
            does not.
            """,
        Flags =
        [
            new("bundle", FlagKind.Text, "path to the root of the bundle directory") { Alias = "b" },
            new("rootless", FlagKind.Switch, "generate a configuration for a rootless container"),
        ],
        Least = 0,
        Most = 0,
    };

    private static int Write(Invocation invocation)
    {
        if (invocation.Arguments.Text("bundle") is { } bundle)
            CreateCommand.EnterBundle(bundle);
        try
        {
            using var handle = Files.Open(File, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x1B6);
            Files.Write(handle, SpecTemplate.Of(invocation.Arguments.Has("rootless")));
        }
        catch (LinuxException taken) when (taken.Number == Errno.EEXIST)
        {
            throw NaruException.Exists($"File {File} exists. Remove it first");
        }

        return 0;
    }
}
