using Naru.Cli.Build.Progress;
using Naru.Cli.Build.Solve;
using Naru.Cli.Grpc;
using Naru.Cli.Terminal;
using Naru.Linux;

namespace Naru.Cli.Commands.Builds;

/// <summary>`build`: BuildKit's own protocol, with this machine's files, logins and secrets lent to it while it builds.</summary>
internal static class BuildCommand
{
    public static Command Create()
    {
        var command = new Command("build [OPTIONS] PATH | URL | -", "Build an image from a Dockerfile")
        {
            Description = "Start a build",
            Aliases = ["image build", "build", "builder build", "buildx build"],
            Arguments = ArgumentCount.Exactly(1),
        };
        var flags = new BuildFlags(command.Flags);
        command.Run = (context, words) => Run(context, flags, words[0]);
        return command;
    }

    private static int Run(CliContext context, BuildFlags flags, string place)
    {
        BuildOptions options;
        BuildMethod method;
        ProgressMode mode;
        try
        {
            BuilderName.Check(flags.Builder);
            method = BuildMethod.Parse(flags.Check ? "check" : flags.Call);
            mode = ProgressMode.Choose(flags);
            options = new BuildOptionsReader(flags, context).Read(place);
        }
        catch (Exception e) when (e is NaruException or FlagException)
        {
            throw new ExitException(1, $"ERROR: {e.Message}");
        }

        using var build = new ImageBuild(context, options);
        try
        {
            build.Prepare();
            var display = mode.Open(build.Trace);
            if (method.IsQuestion)
                return method.Print(build.Ask(method.Subject, display));
            return new BuildResult(context, flags, options).Finish(build, display);
        }
        catch (GrpcException e)
        {
            throw new ExitException(1, BuildFailure.Text(e));
        }
        catch (Exception e) when (e is NaruException or LinuxException or EngineException)
        {
            throw new ExitException(1, $"ERROR: failed to build: {e.Message}");
        }
    }
}
