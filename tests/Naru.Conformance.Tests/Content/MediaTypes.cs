namespace Naru.Conformance.Tests.Content;

/// <summary>image-spec's media types, and Docker's for the same.</summary>
internal static class MediaTypes
{
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    public const string Index = "application/vnd.oci.image.index.v1+json";

    public const string Config = "application/vnd.oci.image.config.v1+json";

    public const string Layer = "application/vnd.oci.image.layer.v1.tar+gzip";

    public const string Empty = "application/vnd.oci.empty.v1+json";

    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    public const string DockerSchema1 = "application/vnd.docker.distribution.manifest.v1+json";

    public const string DockerSignedSchema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    public const string Bytes = "application/octet-stream";
}
