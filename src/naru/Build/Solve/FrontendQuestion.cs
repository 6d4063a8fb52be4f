using Google.Protobuf;
using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Rpc.BuildKit;
using Naru.Rpc.Gateway;

namespace Naru.Cli.Build.Solve;

/// <summary>A question to the Dockerfile frontend (--check, --call): a build that exports nothing, in which we take the frontend's place and call it ourselves.</summary>
/// <remarks>The build waits for the gateway's Return; meanwhile its gateway answers calls that carry its id.</remarks>
internal sealed class FrontendQuestion
{
    private const string Gateway = "/moby.buildkit.v1.frontend.LLBBridge/";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly BuilderConnection builder;
    private readonly Dictionary<string, string> attributes = [];
    private readonly HeaderField build;

    public FrontendQuestion(BuilderConnection builder, Rpc.BuildKit.SolveRequest asked, string subject)
    {
        this.builder = builder;
        Request = asked.Clone();
        Request.Frontend = "";
        Request.FrontendAttrs.Clear();
        Request.Exporters.Clear();
        Request.ExporterDeprecated = "";
        Request.ExporterAttrsDeprecated.Clear();
        Request.EnableSessionExporter = false;
        foreach (var (name, value) in asked.FrontendAttrs)
            attributes[name] = value;
        attributes["requestid"] = $"frontend.{subject}";
        // Without it an old frontend would build instead of refusing.
        attributes["frontend.caps"] = "moby.buildkit.frontend.subrequests";
        build = new HeaderField("buildkit-controlapi-buildid", asked.Ref);
    }

    public Rpc.BuildKit.SolveRequest Request { get; }

    public Dictionary<string, byte[]> Answer { get; } = [];

    /// <summary>Asks, in the frame of the build.</summary>
    /// <param name="started">Told of the build's call.</param>
    public Rpc.BuildKit.SolveResponse Run(Action<GrpcStream> started)
    {
        Exception? failure = null;
        var asking = new Thread(() =>
        {
            try
            {
                Ask();
            }
            catch (GrpcException e)
            {
                failure = e;
                TryReturn(e);
            }
        })
        { IsBackground = true, Name = "gateway" };
        asking.Start();
        try
        {
            return builder.Solve(Request, started);
        }
        catch (GrpcException) when (failure is not null)
        {
            throw failure;
        }
    }

    private void Ask()
    {
        WaitForGateway();
        var question = new Rpc.Gateway.SolveRequest { Frontend = RequestBuilder.Frontend, AllowResultReturn = true, AllowResultArrayRef = true };
        foreach (var (name, value) in attributes)
            question.FrontendOpt[name] = value;
        var answer = builder.Calls.Call(Gateway + "Solve", question, Rpc.Gateway.SolveResponse.Parser, build);
        foreach (var (name, value) in answer.Result.Metadata)
            Answer[name] = value.ToByteArray();
        Return(new ReturnRequest { Result = new Result { Ref = new Ref() } });
    }

    /// <summary>The gateway is there a moment after the build's request.</summary>
    private void WaitForGateway()
    {
        for (var deadline = DateTime.UtcNow + Patience; ; Thread.Sleep(10))
        {
            try
            {
                builder.Calls.Call(Gateway + "Ping", new PingRequest(), PongResponse.Parser, build);
                return;
            }
            catch (GrpcException) when (DateTime.UtcNow < deadline)
            {
                // Not yet.
            }
        }
    }

    private void Return(ReturnRequest request) => builder.Calls.Call(Gateway + "Return", request, ReturnResponse.Parser, build);

    private void TryReturn(GrpcException reason)
    {
        try
        {
            Return(new ReturnRequest { Error = new Rpc.Ttrpc.Status { Code = reason.Code, Message = reason.Message } });
        }
        catch (GrpcException)
        {
            // The build has ended already, and says so itself.
        }
    }
}
