// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterManager.Cli.Output.Views;

namespace ClusterManager.Cli.Doctor;

/// <summary>What concerns whoever asks: this machine's clock and the operator's certificate. Pure.</summary>
internal static class OperatorChecks
{
    private static readonly TimeSpan ClockHint = TimeSpan.FromSeconds(30);

    /// <summary>This machine's clock beside the leader's.</summary>
    /// <param name="before">This clock before the call.</param>
    /// <param name="leader">The leader's clock during the call.</param>
    /// <param name="after">This clock after the call.</param>
    public static FindingView Clock(DateTimeOffset before, DateTimeOffset leader, DateTimeOffset after)
    {
        var offset = leader < before ? leader - before : leader > after ? leader - after : TimeSpan.Zero;
        var value = string.Create(
            CultureInfo.InvariantCulture, $"the leader's clock is {offset.TotalSeconds:+0.0;-0.0;0.0} s from this one's");
        return offset.Duration() < ClockHint ? FindingView.Ok("clock-here", "", value)
            : FindingView.Hint("clock-here", "", value, "within 30 s", "set this machine's clock: timedatectl");
    }

    /// <summary>When a certificate ends; null: there is none, or it is damaged, which the connection says better.</summary>
    public static DateTimeOffset? EndOf(string? pem)
    {
        try
        {
            if (pem is null) return null;
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.NotAfter.ToUniversalTime();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The operator's certificate; null: there is none to judge.</summary>
    public static FindingView? Certificate(DateTimeOffset? end, DateTimeOffset now)
    {
        if (end is not { } until) return null;
        var days = (until - now).TotalDays;
        var value = string.Create(CultureInfo.InvariantCulture, $"ends in {days:0.0} days");
        const string Remedy = "no command renews an operator's certificate yet; another operator's context goes on working";
        return days < 7 ? FindingView.Alarm("certificate-operator", "", value, "at least 7 days", Remedy)
            : days < 30 ? FindingView.Hint("certificate-operator", "", value, "at least 30 days", Remedy)
            : FindingView.Ok("certificate-operator", "", value);
    }
}
