using System.Globalization;
using ShimStack.Shim.Settings;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Stdio.Logs;

/// <summary>How output goes into a file: the query of a <c>file://</c> URI.</summary>
/// <param name="Format">What the file holds.</param>
/// <param name="MaxSize">At how many bytes a file is full; 0 for never. A raw file may be longer by the end of one line.</param>
/// <param name="MaxFiles">How many files there are at most, the one being written included.</param>
internal sealed record LogOptions(LogFormat Format = LogFormat.Raw, long MaxSize = 0, int MaxFiles = LogOptions.DefaultFiles)
{
    /// <summary>What kubelet keeps of a container by default.</summary>
    public const int DefaultFiles = 5;

    // Each rotation renames all of them, while the loop stands still.
    private const int MostFiles = 1000;

    /// <exception cref="RpcException">InvalidArgument: names the option and what is wrong with it.</exception>
    public static LogOptions Of(StdioUri uri)
    {
        LogOptions options = new();
        bool filesGiven = false;
        foreach ((string key, string value) in uri.Query)
        {
            filesGiven |= key == "max-files";
            options = key switch
            {
                "format" => options with { Format = FormatOf(value) },
                "max-size" => options with { MaxSize = SizeOf(value) },
                "max-files" => options with { MaxFiles = FilesOf(value) },
                _ => throw RpcException.InvalidArgument($"unknown log option '{key}': there are format, max-size and max-files"),
            };
        }

        return filesGiven && options.MaxSize == 0
            ? throw RpcException.InvalidArgument("log option max-files has no use without max-size")
            : options;
    }

    private static LogFormat FormatOf(string value) => value switch
    {
        "raw" => LogFormat.Raw,
        "cri" => LogFormat.Cri,
        "json" => LogFormat.Json,
        _ => throw RpcException.InvalidArgument($"log option format='{value}': it is raw, cri or json"),
    };

    // k, m and g are powers of 1000, as Docker's option of the same name has it.
    private static long SizeOf(string value) => SettingText.ParseSize(value, kilo: 1000) is long size and > 0
        ? size
        : throw RpcException.InvalidArgument($"log option max-size='{value}': it is a number of bytes above 0, or one with k, m or g");

    private static int FilesOf(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= MostFiles
            ? number
            : throw RpcException.InvalidArgument($"log option max-files='{value}': it is a number from 1 to {MostFiles}");
}
