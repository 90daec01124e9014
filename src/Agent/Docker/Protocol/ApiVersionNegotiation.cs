// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>
/// Chooses the API version. Pure. We speak the oldest version that has all we need, since every engine from 20.10 on understands it and
/// means the same by it; only an engine that has dropped it is spoken to in the oldest version that it still keeps.
/// </summary>
internal static class ApiVersionNegotiation
{
    /// <summary>What is spoken wherever possible, and the oldest that will do: Engine 20.10's.</summary>
    public static ApiVersion Preferred { get; } = new(1, 41);

    /// <summary>The newest version whose changes were checked against what we send and read.</summary>
    public static ApiVersion NewestKnown { get; } = new(1, 51);

    /// <summary>Chooses.</summary>
    /// <param name="preferred">What we would like to speak.</param>
    /// <param name="version">What the engine answered.</param>
    /// <returns>The version for all further calls.</returns>
    /// <exception cref="DockerException"><see cref="DockerErrorKind.UnsupportedEngine"/>: there is none.</exception>
    public static ApiVersion Choose(ApiVersion preferred, EngineVersionDto version)
    {
        var newest = ApiVersion.TryParse(version.ApiVersion);
        // Absent only in engines that speak a single version.
        var oldest = ApiVersion.TryParse(version.MinAPIVersion) ?? newest;
        if (newest is null || oldest is null)
            throw Unsupported($"Docker Engine {version.Version} did not say which API versions it speaks");
        if (newest.Value.IsBefore(Preferred))
            throw Unsupported($"Docker Engine {version.Version} speaks API {newest} at most; {Preferred} (Engine 20.10) is needed");
        if (NewestKnown.IsBefore(oldest.Value))
            throw Unsupported($"Docker Engine {version.Version} speaks API {oldest} at least; {NewestKnown} is the newest known here");
        var wanted = newest.Value.IsBefore(preferred) ? newest.Value : preferred;
        return wanted.IsBefore(oldest.Value) ? oldest.Value : wanted;
    }

    private static DockerException Unsupported(string message) => new(DockerErrorKind.UnsupportedEngine, message);
}
