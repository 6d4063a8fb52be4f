namespace Naru.Containerd;

internal static class RowLabels
{
    /// <summary>Labels as <see cref="Containerd.Labels.Format"/> wrote them.</summary>
    public static Dictionary<string, string> Labels(this Row row, int column) => Containerd.Labels.Parse(row.Text(column));
}
