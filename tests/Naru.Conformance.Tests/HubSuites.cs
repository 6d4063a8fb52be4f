using Naru.Conformance.Tests.Servers;
using Naru.Conformance.Tests.Suites;

// The suites, asked of naru-hub.
namespace Naru.Conformance.Tests;

[Collection(HubCollection.Name)]
public sealed class HubSupportTests(HubServer server) : SupportTests(server);

[Collection(HubCollection.Name)]
public sealed class HubBlobTests(HubServer server) : BlobTests(server);

[Collection(HubCollection.Name)]
public sealed class HubRangeTests(HubServer server) : RangeTests(server);

[Collection(HubCollection.Name)]
public sealed class HubManifestTests(HubServer server) : ManifestTests(server);

[Collection(HubCollection.Name)]
public sealed class HubMonolithicTests(HubServer server) : MonolithicTests(server);

[Collection(HubCollection.Name)]
public sealed class HubChunkTests(HubServer server) : ChunkTests(server);

[Collection(HubCollection.Name)]
public sealed class HubMountTests(HubServer server) : MountTests(server);

[Collection(HubCollection.Name)]
public sealed class HubPushTests(HubServer server) : PushTests(server);

[Collection(HubCollection.Name)]
public sealed class HubNameTests(HubServer server) : NameTests(server);

[Collection(HubCollection.Name)]
public sealed class HubTagTests(HubServer server) : TagTests(server);

[Collection(HubCollection.Name)]
public sealed class HubReferrerTests(HubServer server) : ReferrerTests(server);

[Collection(HubCollection.Name)]
public sealed class HubDeleteTests(HubServer server) : DeleteTests(server);

[Collection(HubCollection.Name)]
public sealed class HubErrorTests(HubServer server) : ErrorTests(server);

[Collection(HubCollection.Name)]
public sealed class HubCatalogTests(HubServer server) : CatalogTests(server);
