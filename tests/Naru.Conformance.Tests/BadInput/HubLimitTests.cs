using Naru.Chain.Tests;
using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Servers;
using Naru.Conformance.Tests.Suites;

namespace Naru.Conformance.Tests.BadInput;

/// <summary>Too much of something; each test has a server of its own.</summary>
public sealed class HubLimitTests
{
    [Fact]
    public void Too_many_open_uploads_are_429_until_one_ends()
    {
        using var server = new HubServer(null, "--open-uploads", "5");
        var hub = new Asking(server);
        var locations = new List<string>();
        for (var count = 0; count < 5; count++)
            locations.Add(hub.NewUpload());
        var refused = server.Wire.Post("/v2/limits/a/blobs/uploads/").Is(429);
        Assert.Equal(["TOOMANYREQUESTS"], refused.Codes);
        Assert.Matches("^[0-9]+$", refused.Must("Retry-After"));
        server.Wire.Delete(locations[0]).Is(204);
        hub.NewUpload();
    }

    [RootFact]
    public void A_full_disk_is_told_in_the_specs_form_and_is_got_over()
    {
        using var server = new HubServer(folder => Command.Must("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder));
        var hub = new Asking(server);
        hub.Push(1 << 20);
        var files = hub.Count();
        var whole = hub.Put(40 << 20).Is(507);
        Assert.NotEmpty(whole.Codes);
        Assert.DoesNotContain("   at ", whole.Text, StringComparison.Ordinal);

        // What a client may go on with is kept; it ends as any upload does.
        var location = hub.NewUpload();
        server.Wire.Patch(location, new byte[40 << 20]).Is(507);
        server.Wire.Delete(location).Is(204);
        Assert.Equal(files, hub.Count());
        hub.Push(1 << 20);
    }

    /// <summary>What a <see cref="Suite"/> can, of a server that is no suite's.</summary>
    private sealed class Asking(HubServer server) : Suite(server)
    {
        public string NewUpload() => Begin("limits/a");

        public void Push(int length) => PushBlob(Unique(length));

        public Http.Answer Put(int length)
        {
            var blob = new byte[length];
            return Wire.Post($"{Uploads}?digest={Digest.Of(blob)}", blob);
        }

        public int Count() => Directory.EnumerateFiles(server.Data, "*", SearchOption.AllDirectories).Count(path => !Path.GetFileName(path).Contains(".db", StringComparison.Ordinal));
    }
}
