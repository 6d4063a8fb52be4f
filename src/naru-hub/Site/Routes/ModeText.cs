using Naru.Hub.Layers;

namespace Naru.HubServer.Site.Routes;

/// <summary>Kind and permissions as <c>ls -l</c> writes them: <c>-rwxr-sr-t</c>.</summary>
internal static class ModeText
{
    public static string Of(LayerEntry entry) => string.Create(10, entry, static (text, entry) =>
    {
        text[0] = entry.Kind switch
        {
            LayerEntryKind.Directory => 'd',
            LayerEntryKind.Symlink => 'l',
            LayerEntryKind.CharacterDevice => 'c',
            LayerEntryKind.BlockDevice => 'b',
            LayerEntryKind.Fifo => 'p',
            _ => '-',
        };
        const string Letters = "rwx";
        for (var bit = 0; bit < 9; bit++)
            text[bit + 1] = (entry.Mode & (0x100u >> bit)) != 0 ? Letters[bit % 3] : '-';
        Special(text, 3, entry.Mode, 0x800, 's');
        Special(text, 6, entry.Mode, 0x400, 's');
        Special(text, 9, entry.Mode, 0x200, 't');
    });

    private static void Special(Span<char> text, int at, uint mode, uint bit, char letter)
    {
        if ((mode & bit) != 0)
            text[at] = text[at] == 'x' ? letter : char.ToUpperInvariant(letter);
    }
}
