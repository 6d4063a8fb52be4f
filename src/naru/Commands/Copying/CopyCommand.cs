using Naru.Base.Units;
using Naru.Cli.Terminal;

namespace Naru.Cli.Commands.Copying;

/// <summary>`cp`: tar streams between a container and the local file system.</summary>
internal static class CopyCommand
{
    public static Command Create()
    {
        var command = new Command("cp [OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\t{0} cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH", "Copy files/folders between a container and the local filesystem")
        {
            Aliases = ["container cp", "cp"],
            Arguments = ArgumentCount.Exactly(2),
            Description = "Copy files/folders between a container and the local filesystem\n\nUse '-' as the source to read a tar archive from stdin\nand extract it to a directory destination in a container.\nUse '-' as the destination to stream a tar archive of a\ncontainer source to stdout.",
        };
        var owners = command.Flags.Bool("archive", 'a', "Archive mode (copy all uid/gid information)");
        var follow = command.Flags.Bool("follow-link", 'L', "Always follow symbol link in SRC_PATH");
        var quiet = command.Flags.Bool("quiet", 'q', "Suppress progress output during copy. Progress output is automatically suppressed if no terminal is attached");
        command.Run = (context, words) =>
        {
            var (from, to) = (CopyPath.Parse(words[0]), CopyPath.Parse(words[1]));
            if (words[0].Length == 0 || words[1].Length == 0)
                throw new ExitException(1, words[0].Length == 0 ? "source can not be empty" : "destination can not be empty");
            var silent = quiet.Changed ? quiet.Value : !ConsoleTerminal.IsTerminal(1);
            return (from.Container.Length > 0, to.Container.Length > 0) switch
            {
                (true, true) => throw new ExitException(1, "copying between containers is not supported"),
                (true, false) => Down(context, from, to.Path, follow, silent),
                (false, true) => Up(context, from.Path, to, follow, owners, silent),
                _ => throw new ExitException(1, "must specify at least one container source"),
            };
        };
        return command;
    }

    private static int Down(CliContext context, CopyPath from, string to, bool follow, bool quiet)
    {
        var path = from.Path;
        var newName = "";
        if (to != "-")
            CheckOutput(to = CopyPath.Absolute(to));
        if (follow && ContainerStat.Find(context.Engine, from.Container, path) is { IsLink: true } link)
        {
            var target = link.LinkTarget.StartsWith('/') ? link.LinkTarget : CopyPath.Clean(CopyPath.Split(path).Folder + "/" + link.LinkTarget);
            (path, newName) = CopyPlace.Renamed(path, target);
        }

        using var response = context.Engine.Send("GET", new Query($"/containers/{EngineClient.Escape(from.Container)}/archive").Add("path", path));
        if (to == "-")
        {
            response.Body.CopyTo(Streams.Out);
            return 0;
        }

        var source = new CopyPlace(path, true, ContainerStat.From(response).IsFolder, newName);
        var (folder, oldName, rename) = CopyPlace.Destination(to).Unpack(source);
        // A followed link's entries have the target's name; the copy takes the link's.
        if (newName.Length > 0)
            (oldName, rename) = (CopyPath.Split(path).Name, rename ?? newName);
        var counted = new CountingStream(response.Body);
        CopyArchive.Unpack(counted, folder, oldName, rename);
        if (!quiet)
            context.ErrorLine($"Successfully copied {ByteSize.HumanWithPrecision(counted.Bytes, 3)} to {to}");
        return 0;
    }

    private static int Up(CliContext context, string from, CopyPath to, bool follow, bool owners, bool quiet)
    {
        var place = Target(context, to);
        var counted = 0L;
        if (from == "-")
        {
            if (!place.IsFolder)
                throw new ExitException(1, $"destination {GoText.Quote($"{to.Container}:{to.Path}")} must be a directory");
            Send(place.Path, stream => Streams.In.CopyTo(stream));
            return 0;
        }

        var source = CopyPlace.Source(CopyPath.Absolute(from), follow);
        var (folder, _, rename) = place.Unpack(source);
        Send(folder, stream => CopyArchive.Pack(stream, source, rename));
        if (!quiet)
            context.ErrorLine($"Successfully copied {ByteSize.HumanWithPrecision(counted, 3)} to {to.Container}:{place.Path}");
        return 0;

        void Send(string at, Action<Stream> write)
        {
            var query = new Query($"/containers/{EngineClient.Escape(to.Container)}/archive").Add("path", at).Add("noOverwriteDirNonDir", "true").Add("copyUIDGID", owners ? "true" : null);
            using var response = context.Engine.SendStream("PUT", query, "application/x-tar", stream =>
            {
                var counting = new CountingStream(stream);
                write(counting);
                counted = counting.Bytes;
            });
        }
    }

    /// <summary>The container's side of an upload, a link there followed once.</summary>
    private static CopyPlace Target(CliContext context, CopyPath to)
    {
        var path = to.Path;
        var stat = ContainerStat.Find(context.Engine, to.Container, path);
        if (stat is { IsLink: true })
        {
            path = stat.LinkTarget.StartsWith('/') ? stat.LinkTarget : CopyPath.Clean(CopyPath.Split(path).Folder + "/" + stat.LinkTarget);
            stat = ContainerStat.Find(context.Engine, to.Container, path);
        }

        if (stat?.Unfit is { } why)
            throw new ExitException(1, $"destination {GoText.Quote($"{to.Container}:{path}")} must be a directory or a regular file: {why}");
        return new CopyPlace(path, stat is not null, stat?.IsFolder ?? false);
    }

    private static void CheckOutput(string path)
    {
        var folder = CopyPath.Split(CopyPath.Clean(path)).Folder;
        if (!Directory.Exists(folder))
            throw new ExitException(1, $"invalid output path: directory {GoText.Quote(folder)} does not exist");
    }
}
