using System.Text;

namespace Naru.HubServer.Commands;

/// <summary>Columns under headings, as docker's lists have them: three spaces apart, nothing after the last.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> rows = [headings];

    public void Add(params string[] cells) => rows.Add(cells);

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                // What people wrote must not write on the terminal.
                var cell = Plain(row[i]);
                text.Append(i == row.Length - 1 ? cell : cell.PadRight(Width(i) + 3));
            }

            while (text.Length > 0 && text[^1] == ' ')
                text.Length--;
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Plain(string cell)
    {
        foreach (var letter in cell)
        {
            if (char.IsControl(letter))
                return string.Concat(cell.Select(one => char.IsControl(one) ? '?' : one));
        }

        return cell;
    }

    private int Width(int column) => rows.Max(row => column < row.Length ? row[column].Length : 0);
}
