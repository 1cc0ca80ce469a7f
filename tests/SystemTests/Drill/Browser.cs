using System.Text.Json;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Drill;

/// <summary>A Chromium without a window: what it makes of a page, after layout.</summary>
internal sealed class Browser : IDisposable
{
    private const string Program = "/usr/bin/chromium-headless-shell";

    // Of each shape where it is on the page, and with which colour: what has no extent, or is hidden, is not drawn.
    private const string Look =
        """
        const shapes = [];
        for (const one of document.querySelectorAll("section svg rect, section svg circle, section svg text, pre, td")) {
          const box = one.getBoundingClientRect();
          const style = getComputedStyle(one);
          shapes.push({ kind: one.localName, what: one.getAttribute("class") ?? "", text: one.textContent, x: box.x, y: box.y, width: box.width,
            height: box.height, fill: style.fill, shows: style.visibility === "visible" && style.display !== "none" && style.opacity !== "0",
            section: one.closest("section")?.id ?? "", picture: one.closest("svg")?.getAttribute("class") ?? "" });
        }
        const answer = document.createElement("div");
        answer.id = "drawn";
        answer.textContent = JSON.stringify(shapes);
        document.body.append(answer);
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shimstack-browser-");

    public static void Require() => DaemonLine.RequireProgram(Program, "Chromium");

    /// <summary>All that is drawn of a drill's report: the page gets a script that looks.</summary>
    public async Task<IReadOnlyList<Shape>> DrawnAsync(string page)
    {
        string file = Path.Combine(_folder.FullName, "page.html");
        await File.WriteAllTextAsync(
            file, page.Replace("</body>", $"<script>//<![CDATA[\n{Look}\n//]]></script></body>", StringComparison.Ordinal));
        string dom = await RunAsync("--dump-dom", file);
        int from = dom.IndexOf("<div id=\"drawn\">", StringComparison.Ordinal);
        Assert.True(from >= 0, dom.Length == 0 ? "Chromium gives nothing" : "the script has not run");
        string text = dom[(from + "<div id=\"drawn\">".Length)..dom.IndexOf("</div>", from, StringComparison.Ordinal)];
        return JsonSerializer.Deserialize<Shape[]>(System.Net.WebUtility.HtmlDecode(text), JsonSerializerOptions.Web)!;
    }

    /// <summary>The page as a picture.</summary>
    public async Task<byte[]> PictureAsync(string page)
    {
        string file = Path.Combine(_folder.FullName, "picture.html");
        string picture = Path.Combine(_folder.FullName, "picture.png");
        await File.WriteAllTextAsync(file, page);
        await RunAsync($"--screenshot={picture}", file);
        return await File.ReadAllBytesAsync(picture);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // As root there is no sandbox; what it complains about (no bus, no graphics) does not matter here.
    private async Task<string> RunAsync(string what, string file)
    {
        CommandResult result = await Command.RunAsync("timeout",
            ["60", Program, "--no-sandbox", "--disable-gpu", "--window-size=1200,3000", $"--user-data-dir={_folder.FullName}/profile", what, $"file://{file}"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }
}

/// <summary>Something on a page.</summary>
/// <param name="Kind">The element.</param>
/// <param name="What">Its class.</param>
/// <param name="Text">What is written in it.</param>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">Likewise.</param>
/// <param name="Fill">Its colour.</param>
/// <param name="Shows">It is not hidden.</param>
/// <param name="Section">The scenario.</param>
/// <param name="Picture">The class of the drawing.</param>
internal sealed record Shape(string Kind, string What, string Text, double X, double Y, double Width, double Height, string Fill, bool Shows,
    string Section, string Picture)
{
    // Without the page's style shapes are black.
    public bool IsDrawn => Shows && Width > 0 && Height > 0 && X >= 0 && Fill is not ("none" or "");

    public bool IsColoured => IsDrawn && Fill != "rgb(0, 0, 0)";
}
