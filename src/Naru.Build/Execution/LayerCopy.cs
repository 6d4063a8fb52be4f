using System.IO.Pipelines;
using Naru.Images;

namespace Naru.Build.Execution;

/// <summary>Copies a layer's own folder as it is, whiteouts included: written as a layer, read as one.</summary>
internal static class LayerCopy
{
    public static void Copy(string from, string to, CancellationToken cancel)
    {
        var pipe = new Pipe();
        var writing = Task.Run(
            () =>
            {
                using var target = pipe.Writer.AsStream();
                LayerDiffer.WriteLayer(from, target, cancel);
            },
            cancel);
        using (var source = pipe.Reader.AsStream())
            LayerApplier.Apply(source, to, new LayerApplyOptions(), cancel);
        writing.Wait(cancel);
    }
}
