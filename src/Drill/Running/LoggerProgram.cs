using ShimStack.Drill.Targets;
using ShimStack.Native.Files;

namespace ShimStack.Drill.Running;

/// <summary>A logger for binary:// as docs/stdio.md has it: takes stdout at descriptor 3, says at 5 that it is ready, and writes a file.</summary>
internal static class LoggerProgram
{
    private const int Executable = 0x1ed; // 0755

    private static string Script =>
        """
        #!/bin/sh
        echo $$ >"$4.new"
        /bin/mv "$4.new" "$4"
        exec 5>&-
        exec /bin/cat <&3 >>"$2"
        """;

    public static string PidFileOf(TargetPlaces places, string name) => Path.Combine(places.Output, $"{name}.pid");

    /// <summary>The URI by which the output of a process goes through it into a file.</summary>
    public static string UriOf(TargetPlaces places, string name, string log) =>
        $"binary://{ProgramOf(places)}?file={log}&pid={PidFileOf(places, name)}";

    public static void Install(TargetPlaces places)
    {
        File.WriteAllText(ProgramOf(places), Script + "\n");
        Files.SetMode(ProgramOf(places), Executable);
    }

    private static string ProgramOf(TargetPlaces places) => Path.Combine(places.Programs, "logger");
}
