using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>libnftables(3), raw; found when first called.</summary>
internal static unsafe partial class LibNftables
{
    private const string Library = "libnftables.so.1";

    public const uint NFT_CTX_DEFAULT = 0;

    [LibraryImport(Library)]
    public static partial void* nft_ctx_new(uint flags);

    [LibraryImport(Library)]
    public static partial void nft_ctx_free(void* context);

    [LibraryImport(Library)]
    public static partial int nft_ctx_buffer_output(void* context);

    [LibraryImport(Library)]
    public static partial int nft_ctx_buffer_error(void* context);

    [LibraryImport(Library)]
    public static partial byte* nft_ctx_get_output_buffer(void* context);

    [LibraryImport(Library)]
    public static partial byte* nft_ctx_get_error_buffer(void* context);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int nft_run_cmd_from_buffer(void* context, string commands);
}
