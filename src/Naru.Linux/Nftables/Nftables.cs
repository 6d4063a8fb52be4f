using System.Runtime.InteropServices;
using Naru.Base;

namespace Naru.Linux;

/// <summary>Firewall rules in nft's own language, run as one transaction in the calling thread's network namespace.</summary>
public static unsafe class Nftables
{
    /// <summary>Runs <paramref name="script"/> (nft(8)): all of it holds, or none. Gives what listing commands print.</summary>
    /// <exception cref="NaruException">FailedPrecondition when libnftables is not installed; Internal with nft's own words when the kernel or the parser refuses.</exception>
    public static string Run(string script)
    {
        void* context;
        try
        {
            context = LibNftables.nft_ctx_new(LibNftables.NFT_CTX_DEFAULT);
        }
        catch (DllNotFoundException e)
        {
            throw new NaruException(ErrorKind.FailedPrecondition, "libnftables.so.1 is not installed (Debian: libnftables1): bridge networks need it", e);
        }

        try
        {
            LibNftables.nft_ctx_buffer_output(context);
            LibNftables.nft_ctx_buffer_error(context);
            if (LibNftables.nft_run_cmd_from_buffer(context, script) != 0)
                throw new NaruException(ErrorKind.Internal, $"nftables: {Text(LibNftables.nft_ctx_get_error_buffer(context)).Trim()}");
            return Text(LibNftables.nft_ctx_get_output_buffer(context));
        }
        finally
        {
            LibNftables.nft_ctx_free(context);
        }
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
