using Naru.Oci;

namespace Naru.Build.Export;

/// <summary>One platform's result, to be read at a path of this machine while it is exported.</summary>
internal sealed record ExportedTree(Platform Platform, string Folder);
