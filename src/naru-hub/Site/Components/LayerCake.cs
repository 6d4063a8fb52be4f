using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Components;

/// <summary>The picture of an image: a cake of its layers, each as thick as it is large, with icing on top, and a cherry when it is signed.</summary>
/// <remarks>
/// An SVG without style attributes, which the page's policy forbids: colours come from classes. A slice's side is what lies between the front halves of
/// two ellipses; slices are drawn from the bottom up, each over the one below.
/// </remarks>
internal static class LayerCake
{
    private const double Left = 30;
    private const double Right = 290;
    private const double Middle = 160;
    private const double RadiusX = 130;
    private const double RadiusY = 34;
    private const double Above = 46;
    private const double Thinnest = 15;
    private const double Thickest = 330;
    private const int Tones = 7;

    private static readonly double[] Drips = [6, 15, 9, 21, 10, 17, 8, 19, 11, 14, 5];

    /// <param name="layers">The steps of an image, the first at the bottom; those without a layer are no part of the cake.</param>
    public static Html Render(Shell shell, TagModel model)
    {
        List<LayerRow> layers = [];
        long total = 0;
        foreach (var layer in model.Layers)
        {
            if (layer.Digest is not null)
            {
                layers.Add(layer);
                total += layer.Size;
            }
        }

        if (layers.Count == 0)
            return Html.Empty;
        var heights = Heights(layers);
        var height = 0.0;
        foreach (var one in heights)
            height += one;
        var bottom = Above + RadiusY + height;
        Html slices = $"";
        var y = bottom;
        for (var i = 0; i < layers.Count; i++)
        {
            var top = y - heights[i];
            slices.AppendFormatted(Slice(shell, model, layers[i], i, top, y));
            y = top;
        }

        return $"""
            <svg class="cake" viewBox="0 0 320 {bottom + RadiusY + 22}" role="group" aria-label="{shell.Texts.CakeDescription(layers.Count, shell.Texts.Size(total))}">
            <ellipse class="cake-shadow" cx="{Middle}" cy="{bottom + 14}" rx="152" ry="{RadiusY + 6}"/><ellipse class="cake-plate" cx="{Middle}" cy="{bottom + 6}" rx="150" ry="{RadiusY + 7}"/><ellipse class="cake-plate-rim" cx="{Middle}" cy="{bottom + 4}" rx="141" ry="{RadiusY + 3}"/>
            {slices}{Icing(y, Math.Min(1, height / 60))}{(IsSigned(model) ? Cherry(y) : null)}
            </svg>
            """;
    }

    /// <summary>The colour of a layer, counted from the bottom: the same in the picture and in the list.</summary>
    public static int Tone(int place) => place % Tones;

    /// <summary>How thick slices are: by the square root of their size, so that a large one leaves room for small ones, and all together fit a page.</summary>
    private static double[] Heights(List<LayerRow> layers)
    {
        var room = Math.Min(Thickest, 80 + (layers.Count * 30));
        var thinnest = Math.Min(Thinnest, room / layers.Count);
        var roots = 0.0;
        foreach (var layer in layers)
            roots += Math.Sqrt(layer.Size);
        var heights = new double[layers.Count];
        for (var i = 0; i < heights.Length; i++)
            heights[i] = thinnest + (roots > 0 ? (room - (thinnest * layers.Count)) * Math.Sqrt(layers[i].Size) / roots : 0);
        return heights;
    }

    private static Html Slice(Shell shell, TagModel model, LayerRow layer, int place, double top, double bottom)
    {
        var t = shell.Texts;
        var chosen = model.Files?.LayerDigest == layer.Digest;
        return $"""
            <a class="slice tone-{Tone(place)}{(chosen ? " chosen" : "")}" href="{Links.Files(model.Repository, model.Reference, model.Shown.Digest, layer.Digest!)}" data-layer="{layer.Digest}"><title>{t.LayerNumber(place + 1)}: {layer.Word} ({t.Size(layer.Size)})</title><path class="side" d="M{Left} {top}A{RadiusX} {RadiusY} 0 0 0 {Right} {top}V{bottom}A{RadiusX} {RadiusY} 0 0 1 {Left} {bottom}Z"/><path class="light" d="M{Left} {top}A{RadiusX} {RadiusY} 0 0 0 {Middle - 60} {top + 30.2}V{bottom + 30.2}A{RadiusX} {RadiusY} 0 0 1 {Left} {bottom}Z"/><ellipse class="lid" cx="{Middle}" cy="{top}" rx="{RadiusX}" ry="{RadiusY}"/></a>
            """;
    }

    /// <summary>Icing that runs down the front, less far on a low cake.</summary>
    private static Html Icing(double top, double reach)
    {
        Html drips = $"";
        for (var i = 0; i < Drips.Length; i++)
        {
            var (x0, y0) = Edge(i);
            var (x1, y1) = Edge(i + 1);
            var drop = Drips[i] * reach;
            drips.AppendFormatted((Html)$"C{x0} {top + y0 + drop} {x1} {top + y1 + drop} {x1} {top + y1}");
        }

        return $"""
            <g class="icing" aria-hidden="true"><path class="icing-side" d="M{Left} {top}{drips}Z"/><ellipse class="icing-lid" cx="{Middle}" cy="{top}" rx="{RadiusX}" ry="{RadiusY}"/><ellipse class="icing-shine" cx="{Middle - 34}" cy="{top - 9}" rx="62" ry="13"/></g>
            """;
    }

    private static Html Cherry(double top) => $"""
        <g class="cherry" aria-hidden="true"><path class="stem" d="M{Middle + 2} {top - 22}q2 -14 15 -20"/><circle class="fruit" cx="{Middle}" cy="{top - 12}" r="13"/><circle class="glint" cx="{Middle - 4}" cy="{top - 16}" r="3.5"/></g>
        """;

    /// <summary>A point of the front edge, from left to right, relative to the middle of the lid's height.</summary>
    private static (double X, double Y) Edge(int point)
    {
        var angle = Math.PI * (1 - ((double)point / Drips.Length));
        return (Middle + (RadiusX * Math.Cos(angle)), RadiusY * Math.Sin(angle));
    }

    private static bool IsSigned(TagModel model)
    {
        foreach (var referrer in model.Referrers)
        {
            if (Referrers.IsSignature(referrer.ArtifactType))
                return true;
        }

        return false;
    }
}
