using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ShimStack.Ctl.Output;

/// <summary>
/// Text in columns. On a terminal it has colours and is folded to the terminal's width; for a pipe each row is one line, however long, so that it can
/// be cut by its columns.
/// </summary>
internal sealed class TextTable
{
    private const int NoFold = 1 << 16;

    private readonly Table _table = new Table().NoBorder();

    public TextTable(params string[] heads)
    {
        foreach (string head in heads)
        {
            _table.AddColumn(new TableColumn(new Text(head, new Style(decoration: Decoration.Bold))) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }
    }

    /// <summary>For a screen that is drawn again and again.</summary>
    public IRenderable Drawing => _table;

    public void Add(params Cell[] cells) => _table.AddRow([.. cells.Select(cell => new Text(cell.Value, new Style(cell.Colour)))]);

    /// <param name="width">Of the terminal; null for no terminal.</param>
    /// <param name="colours">Whether it shows colours.</param>
    public string ToText(int? width, bool colours)
    {
        using StringWriter output = new() { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = width ?? NoFold;
        console.Write(_table);
        return WithoutTrailingBlanks(output.ToString());
    }

    private static string WithoutTrailingBlanks(string text)
    {
        StringBuilder trimmed = new();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            trimmed.Append(line.TrimEnd()).Append('\n');
        }

        return trimmed.ToString();
    }
}

/// <summary>A text in a table.</summary>
internal readonly record struct Cell(string Value, Color Colour)
{
    public static implicit operator Cell(string value) => new(value, Color.Default);
}
