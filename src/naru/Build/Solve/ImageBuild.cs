using Naru.Cli.Build.Files;
using Naru.Cli.Build.Progress;
using Naru.Cli.Build.Session;
using Naru.Cli.Grpc;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Build.Solve;

/// <summary>One build: what it needs of this machine is offered to the builder, the builder builds, the result is handed on.</summary>
internal sealed class ImageBuild(CliContext context, BuildOptions options) : IDisposable
{
    private readonly Dictionary<string, string> attributes = new(options.Attributes);
    private readonly FileSync files = new();
    private readonly UploadService uploads = new();
    private ContextSetup? setup;
    private BuildSession? session;
    private BuilderConnection? builder;
    private CacheFolders? caches;

    /// <summary>The builder pushes images itself; otherwise that is left to do.</summary>
    public bool BuilderPushes { get; private set; }

    public BuildTrace Trace { get; } = new();

    public SolveRequest Request { get; private set; } = new();

    /// <summary>Connects, and checks what can be checked before anything is built.</summary>
    /// <exception cref="NaruException">The context cannot be, or the builder cannot do what is asked.</exception>
    public void Prepare()
    {
        var outputs = options.Outputs.Count > 0 ? options.Outputs : [OutputOption.Image];
        var content = new ContentService();
        setup = new ContextSetup(files, uploads, content, attributes);
        setup.Prepare(options);
        builder = BuilderConnection.Open(context.Engine);
        BuilderFeatures.Check(options, builder.ListWorkers);
        BuilderFeatures.ResolveGateway(attributes, builder.ListWorkers);
        caches = new CacheFolders(content);
        options = caches.Prepare(options);
        var server = new GrpcServer();
        content.Register(server);
        files.Register(server);
        uploads.Register(server);
        new LoginService(context.Config).Register(server);
        new SecretService(options.Secrets).Register(server);
        new AgentService(options.Agents).Register(server);
        new OutputService(outputs).Register(server);
        session = BuildSession.Open(context.Engine, server, setup.SharedKey);
        BuilderPushes = outputs.Any(output => output.Pushes) && BuilderFeatures.Pushes(builder.ListWorkers());
        Request = RequestBuilder.Build(options, attributes, session.Id, outputs, BuilderPushes);
    }

    /// <summary>Builds.</summary>
    /// <returns>What the exporters said of the result: digests, names.</returns>
    /// <exception cref="GrpcException">The build failed.</exception>
    public SolveResponse Run(IProgressDisplay display)
    {
        var response = new SolveRun(builder!, display).Run(Request);
        caches!.Finish(response.ExporterResponse);
        return response;
    }

    /// <summary>Asks the frontend instead of building: "lint", "outline", "targets".</summary>
    /// <returns>The frontend's answer by its names: "result.txt", "result.json".</returns>
    public IReadOnlyDictionary<string, byte[]> Ask(string subject, IProgressDisplay display)
    {
        var question = new FrontendQuestion(builder!, Request, subject);
        var run = new SolveRun(builder!, display);
        run.Run(question.Request, () => question.Run(run.Started));
        return question.Answer;
    }

    public void Dispose()
    {
        session?.Dispose();
        builder?.Dispose();
        setup?.Dispose();
    }
}
