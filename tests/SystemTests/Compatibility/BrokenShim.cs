using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Compatibility;

/// <summary>
/// A shim that is broken on purpose: our own behind a script, with a runtime that loses output and exit codes, and that says of much that it
/// has been done. The proof that the tests of the table can fail (SHIMSTACK_TEST_BROKEN=1, `./build.sh compatibility broken`).
/// </summary>
internal static class BrokenShim
{
    public const string Variable = "SHIMSTACK_TEST_BROKEN";

    // The second entry of PATH on is what the daemon has.
    private const string Runtime =
        """
        #!/bin/sh
        PATH=${PATH#*:}
        case " $* " in
          *" create "*) sed -i -E 's/exit [0-9]+/exit 0/g' config.json; exec runc "$@" >/dev/null 2>&1 ;;
          *" exec "*) exec runc "$@" >/dev/null 2>&1 ;;
          *" pause "* | *" resume "* | *" update "* | *" checkpoint "*) exit 0 ;;
          *" features "*) exit 1 ;;
          *) exec runc "$@" ;;
        esac

        """;

    public static bool IsWanted => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Makes it in <paramref name="folder"/>, which the daemon must search first, in front of <paramref name="real"/>.</summary>
    public static string Make(string folder, string real)
    {
        string runtime = Path.Combine(folder, "runtime");
        Directory.CreateDirectory(runtime);
        Write(Path.Combine(runtime, "runc"), Runtime);
        Write(Path.Combine(folder, Path.GetFileName(real)), $"#!/bin/sh\nPATH={runtime}:$PATH exec {real} \"$@\"\n");
        return folder;
    }

    private static void Write(string path, string text)
    {
        ProgramFile.Write(path, text);
    }
}
