namespace ShimStack.Compatibility;

/// <summary>docs/compatibility.md: how to read the table, and the table.</summary>
internal static class Document
{
    /// <param name="table">The table.</param>
    /// <param name="machine">Where and with which programs the tests ran.</param>
    public static string Write(Table table, string machine) =>
        $"""
        # Compatibility

        Written by `./build.sh compatibility`, not by hand: each cell is one or more tests of `tests/SystemTests` that carry `[Feature]`, run
        with our shim and, in the same run, with Debian's `containerd-shim-runc-v2`. A test holds this page to the tests that there are, and
        fails when a cell says ✗.

        - ✓ works;
        - **✓** works, and does not with the reference shim of the same containerd;
        - ✗ N does not work, for reason N below;
        - n/a N: neither shim can do it here, for reason N below;
        - a blank cell is not a question of its column.

        {machine}

        {table.ToMarkdown()}
        """;
}
