using SQLitePCL;

namespace ShimStack.Supervisor.Data;

/// <summary>
/// SQLite for a program in which one thread at a time uses a connection: no lock around each call, and none around each allocation to count it.
/// See https://www.sqlite.org/threadsafe.html and https://www.sqlite.org/c3ref/c_config_covering_index_scan.html.
/// </summary>
internal static class SqliteLibrary
{
    // It can be set up as long as nobody has used it; who sets it up later changes nothing.
    private static readonly bool IsSetUp = SetUp();

    /// <summary>Loads it and sets it up; before the first connection is opened.</summary>
    public static void Prepare() => _ = IsSetUp;

    private static bool SetUp()
    {
        Batteries_V2.Init();
        return raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD) == raw.SQLITE_OK & raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0) == raw.SQLITE_OK;
    }
}
