package io.pilothouse.apiserver.services;

/** A range of ports, both ends included. */
public record PortRange(int first, int last) {
    /** @throws IllegalArgumentException for what is not of the form 30000-32767 */
    public static PortRange parse(String text) {
        var ends = text.split("-", -1);
        try {
            var range = new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
            if (ends.length == 2 && range.first > 0 && range.first <= range.last && range.last < 65536) {
                return range;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a range of ports such as 30000-32767", e);
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a range of ports such as 30000-32767");
    }

    public boolean contains(int port) {
        return port >= first && port <= last;
    }

    public int size() {
        return last - first + 1;
    }

    /** How many of the first ports are left to those who choose their own, as long as others are free (upstream's static band). */
    int chosenByHand() {
        return size() <= 16 ? 0 : Math.clamp(size() / 32, 16, 128);
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
