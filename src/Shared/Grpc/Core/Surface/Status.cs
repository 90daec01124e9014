// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>The code and the text with which a call ended.</summary>
public readonly struct Status : IEquatable<Status>
{
    private readonly string? _detail;

    /// <summary>A success without text.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>A cancellation without text.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    /// <summary>Makes a status. A null <paramref name="detail"/> counts as empty.</summary>
    public Status(StatusCode statusCode, string? detail)
        : this(statusCode, detail, null)
    {
    }

    /// <summary>Makes a status that remembers the local exception behind it. The exception never goes on the wire.</summary>
    public Status(StatusCode statusCode, string? detail, Exception? debugException)
    {
        StatusCode = statusCode;
        _detail = detail;
        DebugException = debugException;
    }

    /// <summary>The code.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>The text for people; never null. It travels to the peer.</summary>
    public string Detail => _detail ?? "";

    /// <summary>The local exception behind this status, or null. It does not travel.</summary>
    public Exception? DebugException { get; }

    /// <summary>Code and text are compared; the local exception is not.</summary>
    public bool Equals(Status other) => StatusCode == other.StatusCode && Detail == other.Detail;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Status other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StatusCode, Detail);

    /// <summary>Compares code and text.</summary>
    public static bool operator ==(Status left, Status right) => left.Equals(right);

    /// <summary>Compares code and text.</summary>
    public static bool operator !=(Status left, Status right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString()
    {
        var cause = DebugException is null ? "" : $", DebugException=\"{DebugException.GetType().Name}: {DebugException.Message}\"";
        return $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\"{cause})";
    }
}
