using Naru.Conformance.Tests.Servers;
using Naru.Conformance.Tests.Suites;

// The suites, asked of docker-registry.
namespace Naru.Conformance.Tests;

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistrySupportTests(DockerRegistryServer server) : SupportTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryBlobTests(DockerRegistryServer server) : BlobTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryRangeTests(DockerRegistryServer server) : RangeTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryManifestTests(DockerRegistryServer server) : ManifestTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryMonolithicTests(DockerRegistryServer server) : MonolithicTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryChunkTests(DockerRegistryServer server) : ChunkTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryMountTests(DockerRegistryServer server) : MountTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryPushTests(DockerRegistryServer server) : PushTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryNameTests(DockerRegistryServer server) : NameTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryTagTests(DockerRegistryServer server) : TagTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryReferrerTests(DockerRegistryServer server) : ReferrerTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryDeleteTests(DockerRegistryServer server) : DeleteTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryErrorTests(DockerRegistryServer server) : ErrorTests(server);

[Collection(DockerRegistryCollection.Name)]
public sealed class DockerRegistryCatalogTests(DockerRegistryServer server) : CatalogTests(server);
