using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Containerd;
using Naru.Images;
using Naru.Oci;
using Naru.Rpc.Transfer;
using Naru.Rpc.Types;
using ImageReference = Naru.Oci.ImageReference;
using WireStore = Naru.Rpc.Transfer.ImageStore;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.transfer.v1: pull (registry to store), push (store to registry), import and export (an archive on a stream), tag (store to store).</summary>
internal sealed class TransferService(
    ContentStore content, OverlaySnapshotter snapshots, Containerd.ImageStore images, LeaseStore leases, StreamRegistry streams, Action flush)
{
    /// <summary>A transfer's lease ends with it; this only bounds one that a crash left.</summary>
    private static readonly TimeSpan LeaseLimit = TimeSpan.FromHours(24);

    private readonly TransfersUnderWay underWay = new();

    public void Map(GrpcRouter router) =>
        router.UnaryAsync("containerd.services.transfer.v1.Transfer/Transfer", TransferRequest.Parser, Transfer);

    private async Task Transfer(GrpcCall call, TransferRequest request)
    {
        await using var progress = new ProgressSender(request.Options?.ProgressStream is { Length: > 0 } id ? streams.Get(id) : null);
        var temporary = call.Scope.Lease is null ? CreateLease(call.Scope) : null;
        var scope = temporary is null ? call.Scope : call.Scope with { Lease = temporary };
        try
        {
            await Run(scope, request, progress, call.Cancel);

            // Told to be done means done: not even a power cut takes it back.
            flush();
        }
        finally
        {
            if (temporary is not null)
                leases.Delete(scope, temporary);
        }
    }

    private async Task Run(Scope scope, TransferRequest request, ProgressSender progress, CancellationToken cancel)
    {
        switch (Kind(request.Source), Kind(request.Destination))
        {
            case ("OCIRegistry", "ImageStore"):
                await Pull(scope, Unpack(request.Source, OCIRegistry.Parser), Unpack(request.Destination, WireStore.Parser), progress, cancel);
                break;
            case ("ImageStore", "OCIRegistry"):
                await Push(scope, Unpack(request.Source, WireStore.Parser), Unpack(request.Destination, OCIRegistry.Parser), progress, cancel);
                break;
            case ("ImageImportStream", "ImageStore"):
                await Import(scope, Unpack(request.Source, ImageImportStream.Parser), Unpack(request.Destination, WireStore.Parser), progress, cancel);
                break;
            case ("ImageStore", "ImageExportStream"):
                await Export(scope, Unpack(request.Source, WireStore.Parser), Unpack(request.Destination, ImageExportStream.Parser), progress, cancel);
                break;
            case ("ImageStore", "ImageStore"):
                var source = images.Get(scope, Unpack(request.Source, WireStore.Parser).Name);
                images.Put(scope, Unpack(request.Destination, WireStore.Parser).Name, source.Target, source.Labels);
                break;
            case var (from, to):
                throw new NaruException(ErrorKind.Unimplemented, $"transfer from {from} to {to} is not supported: not implemented");
        }
    }

    private async Task Pull(Scope scope, OCIRegistry source, WireStore destination, ProgressSender progress, CancellationToken cancel)
    {
        var reference = ImageReference.Parse(source.Reference).WithDefaultTag();
        using var registry = Registry(source, reference);
        var options = new PullOptions
        {
            Name = destination.Name.Length > 0 ? destination.Name : reference.ToString(),
            Labels = destination.Labels,
            Platforms = [.. destination.Platforms.Select(Platform)],
            AllPlatforms = destination.AllMetadata,
            Unpack = UnpackPlatform(destination),
        };
        await new ImagePuller(scope, content, snapshots, images, registry, underWay, progress.Report).Pull(reference, options, cancel);
    }

    private async Task Push(Scope scope, WireStore source, OCIRegistry destination, ProgressSender progress, CancellationToken cancel)
    {
        var reference = ImageReference.Parse(destination.Reference).WithDefaultTag();
        using var registry = Registry(destination, reference);
        var image = images.Get(scope, source.Name);
        await new ImagePusher(scope, content, registry, progress.Report).Push(image.Target, reference, [.. source.Platforms.Select(Platform)], cancel);
    }

    private async Task Import(Scope scope, ImageImportStream source, WireStore destination, ProgressSender progress, CancellationToken cancel)
    {
        if (source.ForceCompress)
            throw new NaruException(ErrorKind.Unimplemented, "compressing the blobs of an import is not supported: not implemented");
        var options = new ImportOptions
        {
            IndexName = destination.Name,
            Names = [.. destination.ExtraReferences.Select(r => new ImportName(r.Name, r.IsPrefix, r.AllowOverwrite, r.AddDigest, r.SkipNamedDigest))],
            Labels = destination.Labels,
            Unpack = UnpackPlatform(destination),
        };
        await using Stream archive = source.Stream.StartsWith(Rpc.Metadata.PipeScheme, StringComparison.Ordinal)
            ? new PipedInput(source.Stream[Rpc.Metadata.PipeScheme.Length..], cancel)
            : new StreamedInput(streams.Get(source.Stream));
        await new ImageImporter(scope, content, snapshots, images, underWay, progress.Report).Import(archive, options, cancel);
    }

    private async Task Export(Scope scope, WireStore source, ImageExportStream destination, ProgressSender progress, CancellationToken cancel)
    {
        if (destination.SkipCompatibilityManifest || destination.SkipNonDistributable)
            throw new NaruException(ErrorKind.Unimplemented, "an export without manifest.json or without foreign layers is not supported: not implemented");
        var stream = streams.Get(destination.Stream);
        try
        {
            string[] names = [.. source.Name.Length > 0 ? (string[])[source.Name] : [], .. source.ExtraReferences.Select(r => r.Name)];
            var platform = destination.Platforms.Count > 0 ? Platform(destination.Platforms[0]) : Oci.Platform.Host;
            await using var archive = new StreamedOutput(stream);
            await new ImageExporter(scope, content, images, progress.Report).Export(names, platform, archive, cancel);
        }
        finally
        {
            stream.Close();
        }
    }

    /// <summary>For which platform the destination wants the layers unpacked; null for none.</summary>
    private static Oci.Platform? UnpackPlatform(WireStore destination)
    {
        if (destination.Unpacks.FirstOrDefault(u => u.Snapshotter is not ("" or OverlaySnapshotter.Name)) is { } other)
            throw NaruException.NotFound($"snapshotter not found: {other.Snapshotter}: not found");
        if (destination.Unpacks.Count == 0)
            return null;
        return destination.Unpacks[0].Platform is { } platform ? Platform(platform) : Oci.Platform.Host;
    }

    private RegistryClient Registry(OCIRegistry registry, ImageReference reference)
    {
        // A folder of hosts holds mirrors, or certificates as Docker's does.
        var folder = registry.Resolver?.HostDir;
        var mirrors = RegistryHostsFile.Read(folder, reference.Domain);
        return new RegistryClient(Options(registry, reference) with
        {
            CertificateFolder = mirrors.Count == 0 && folder is { Length: > 0 } ? folder : "/etc/docker/certs.d",
            Mirrors = mirrors.Count == 0 ? null : domain => domain == reference.Domain ? mirrors : [],
        });
    }

    private RegistryOptions Options(OCIRegistry registry, ImageReference reference) => new()
    {
        InsecureRegistries = registry.Resolver?.DefaultScheme == "http" ? [reference.Domain] : [],
        Credentials = registry.Resolver?.AuthStream is { Length: > 0 } id ? (domain, cancel) => Ask(streams.Get(id), domain, reference) : null,
    };

    /// <summary>Asks the client for credentials, on the stream that it named for this.</summary>
    private static async ValueTask<RegistryCredentials?> Ask(NamedStream stream, string domain, ImageReference reference)
    {
        if (await stream.Ask(new AuthRequest { Host = domain, Reference = reference.ToString() }) is not { } answer)
            return null;
        var response = AuthResponse.Parser.ParseFrom(answer.Value);
        return response.AuthType switch
        {
            AuthType.Credentials => new RegistryCredentials { Username = response.Username, Password = response.Secret },
            AuthType.Refresh => new RegistryCredentials { Username = response.Username, IdentityToken = response.Secret },
            AuthType.Header => new RegistryCredentials { RegistryToken = response.Secret },
            _ => null,
        };
    }

    private string CreateLease(Scope scope)
    {
        var id = $"transfer-{Guid.NewGuid():N}";
        leases.Create(scope, id, new Dictionary<string, string> { [LeaseStore.TransferLabel] = "1", ["containerd.io/gc.expire"] = (DateTime.UtcNow + LeaseLimit).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture) });
        return id;
    }

    private static string Kind(Any? any) => any?.TypeUrl is { Length: > 0 } url ? url[(url.LastIndexOf('.') + 1)..] : "nothing";

    private static T Unpack<T>(Any any, MessageParser<T> parser)
        where T : IMessage<T> => parser.ParseFrom(any.Value);

    private static Oci.Platform Platform(Rpc.Types.Platform platform) =>
        new Oci.Platform { Os = platform.Os, Architecture = platform.Architecture, Variant = platform.Variant.Length > 0 ? platform.Variant : null }.Normalise();
}
