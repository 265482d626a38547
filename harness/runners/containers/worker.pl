# Commands in on standard input, what was seen of each out on standard output, as frames.
#
# This is the first process of every container. It starts one command at a time, and after each
# ends all that the command left: processes and files. Nothing that it starts can signal it (it
# is the first process), read its memory or write into its pipes (it is not dumpable), so what it
# says of a command's end is not the command's to choose. It ends when its input does: a harness
# that is killed leaves nothing that runs.
#
# Perl, because every Debian has it. The frames are those of frames.py.
use strict;
use warnings;
use Config;
use Errno qw(EAGAIN EINTR ENOSPC EDQUOT);
use Fcntl qw(O_WRONLY O_CREAT O_EXCL O_NOFOLLOW F_SETFD FD_CLOEXEC);
use POSIX qw(:sys_wait_h _exit);

my $PR_SET_DUMPABLE = 4;
my %PRCTL = (x86_64 => 157, aarch64 => 167);
my $CHUNK = 1 << 16;
my ($machine) = $Config{archname} =~ /^([^-]+)/;

binmode STDIN;
binmode STDOUT;
$SIG{PIPE} = 'IGNORE';
$SIG{CHLD} = sub { };
umask 0022;

set_dumpable(0);
say_frame('H', '');
while (defined(my $body = read_frame())) {
    serve($body);
}
_exit(0);

sub set_dumpable {
    my ($on) = @_;
    my $number = $PRCTL{$machine} or die "harness: no prctl known for $machine\n";
    syscall($number, $PR_SET_DUMPABLE, $on, 0, 0, 0) == 0 or die "harness: prctl: $!\n";
}

sub serve {
    my ($body) = @_;
    my @parts = unpack '(N/a*)*', $body;
    my $folder = shift @parts;
    my $cap = shift @parts;
    my @groups = map { [splice @parts, 0, shift @parts] } 1 .. 5;
    my ($argv, $environment, $files, $wanted, $input) = @groups;
    my $before = usage();
    prepare($folder, $files);
    my $seen = run_command($folder, $argv, $environment, $cap, $input->[0]);
    my $after = usage();
    my $is_full = disk_is_full($folder);
    send_file($folder, $_) for @$wanted;
    my $is_clean = clean();
    my %told = (
        status => $seen->{status}, not_started => $seen->{not_started} =~ tr/\n/ /r,
        flooded => $seen->{flooded}, disk_full => $is_full, clean => $is_clean,
        peak => $after->{peak}, cores => allowed_cores(),
        map { ($_ => $after->{$_} - $before->{$_}) } qw(cpu oom pids throttled),
    );
    say_frame('X', join '', map { "$_=$told{$_}\n" } sort keys %told);
}

sub prepare {
    my ($folder, $files) = @_;
    my $path = '';
    for my $part (split m{/}, $folder) {
        $path .= "$part/";
        mkdir $path, 0700;
    }
    while (my ($name, $data) = splice @$files, 0, 2) {
        sysopen my $out, "$folder/$name", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600 or next;
        binmode $out;
        print {$out} $data;
        close $out;
    }
}

sub run_command {
    my ($folder, $argv, $environment, $cap, $input) = @_;
    my %seen = (status => 127 << 8, not_started => '', flooded => 0);
    pipe my $out, my $out_end or die;
    pipe my $err, my $err_end or die;
    pipe my $word, my $word_end or die;
    pipe my $in_end, my $in or die;
    syswrite $in, $input if defined $input;    # no more than a pipe holds
    close $in;
    my $child = fork;
    if (!defined $child) {
        $seen{not_started} = "fork: $!";
        return \%seen;
    }
    become($folder, $argv, $environment, $in_end, $out_end, $err_end, $word_end) if $child == 0;
    close $_ for $in_end, $out_end, $err_end, $word_end;
    my $why = do { local $/; <$word> };
    $seen{not_started} = $why // '';
    watch($child, { 'O' => $out, 'E' => $err }, $cap, \%seen);
    return \%seen;
}

sub become {
    my ($folder, $argv, $environment, $in, $out, $err, $word) = @_;
    # So that the kernel takes the command and not its worker when memory ends.
    set_dumpable(1);
    if (open my $score, '>', '/proc/self/oom_score_adj') { print {$score} 1000; close $score }
    set_dumpable(0);
    POSIX::setsid();
    POSIX::dup2(fileno($in), 0);
    POSIX::dup2(fileno($out), 1);
    POSIX::dup2(fileno($err), 2);
    %ENV = map { /^([^=]*)=(.*)$/s ? ($1 => $2) : () } @$environment;
    $SIG{PIPE} = 'DEFAULT';
    $SIG{CHLD} = 'DEFAULT';
    if (chdir $folder) {
        no warnings 'exec';
        exec { $argv->[0] } @$argv;
    }
    syswrite $word, "$argv->[0]: $!";
    _exit(127);
}

# Both streams until the command and all that it started are gone, or one is over its bound.
sub watch {
    my ($child, $streams, $cap, $seen) = @_;
    my %read = map { $_ => 0 } keys %$streams;
    my $is_alive = 1;
    while ($is_alive || %$streams) {
        if ($is_alive && waitpid($child, WNOHANG) == $child) {
            $seen->{status} = $?;
            $is_alive = 0;
            end_all();
        }
        my $bits = '';
        vec($bits, fileno($_), 1) = 1 for values %$streams;
        vec($bits, 0, 1) = 1;    # the harness says nothing now: what can be read is its end
        my $count = select my $ready = $bits, undef, undef, $is_alive ? 0.02 : 0;
        _exit(1) if $count > 0 && vec($ready, 0, 1);
        for my $name (sort keys %$streams) {
            next if $count <= 0 || !vec($ready, fileno($streams->{$name}), 1);
            my $got = sysread $streams->{$name}, my $data, $CHUNK;
            if (!$got) {
                delete $streams->{$name} if defined $got || ($! != EINTR && $! != EAGAIN);
                next;
            }
            my $room = $cap - $read{$name};
            $read{$name} += $got;
            say_frame($name, $got > $room ? substr $data, 0, $room : $data) if $room > 0;
            next if $got <= $room;
            $seen->{flooded} = 1;
            kill 'KILL', -1;
            delete $streams->{$name};
        }
        last if !$is_alive && $count == 0;
    }
}

# Everything but this process, in one call: what forks meanwhile is in it.
sub end_all {
    kill 'KILL', -1;
    my $tries = 0;
    while ((my $gone = waitpid -1, WNOHANG) >= 0) {
        next if $gone > 0;
        select undef, undef, undef, 0.002;
        kill 'KILL', -1 if ++$tries % 50 == 0;
    }
}

sub clean {
    my @tops = qw(/room /tmp /dev/shm);
    end_all();
    remove_below($_) for @tops;
    return (grep { !is_empty($_) } @tops) ? 0 : 1;
}

sub is_empty {
    my ($top) = @_;
    opendir my $folder, $top or return 1;
    my @names = grep { $_ ne '.' && $_ ne '..' } readdir $folder;
    return !@names;
}

# Deep trees too: each folder is entered, never named by a long path, and no link is followed.
sub remove_below {
    my ($top) = @_;
    chdir $top or return;
    my $depth = 0;
    while (1) {
        my $next;
        if (opendir my $here, '.') {
            for my $name (readdir $here) {
                next if $name eq '.' || $name eq '..';
                next if !(-d $name && !-l $name) && unlink $name;
                next if rmdir $name;
                $next = $name;
            }
            closedir $here;
        }
        if (defined $next && (chmod(0700, $next), chdir $next)[1]) { $depth++; next }
        last if $depth == 0;
        chdir '..';
        $depth--;
        last if defined $next;    # a folder that cannot be entered: the container goes with it
    }
    chdir '/';
}

sub disk_is_full {
    my ($folder) = @_;
    for my $top ($folder, '/tmp') {
        my $name = "$top/.room";
        my $is_made = sysopen my $file, $name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600;
        return 1 if !$is_made && ($! == ENOSPC || $! == EDQUOT);
        next if !$is_made;
        my $written = syswrite $file, 'x' x $CHUNK;
        my $is_short = !defined $written || $written < $CHUNK;
        close $file;
        unlink $name;
        return 1 if $is_short;
    }
    return 0;
}

# A regular file that the command left, and nothing else: no link, no pipe, no device.
sub send_file {
    my ($folder, $name) = @_;
    my $path = "$folder/$name";
    return if -l $path || !-f _;
    sysopen my $file, $path, O_NOFOLLOW or return;
    binmode $file;
    say_frame('F', $name);
    while (my $got = sysread $file, my $data, 1 << 20) { say_frame('D', $data) }
    close $file;
}

# Of the container's own cgroup, of either version; zero where the kernel does not tell.
sub usage {
    my $top = '/sys/fs/cgroup';
    my %told = (
        peak => number("$top/memory.peak") // number("$top/memory/memory.max_usage_in_bytes"),
        cpu => number("$top/cpuacct/cpuacct.usage")
            // (field("$top/cpu.stat", 'usage_usec') // 0) * 1000,
        oom => field("$top/memory.events", 'oom_kill')
            // field("$top/memory/memory.oom_control", 'oom_kill'),
        pids => field("$top/pids.events", 'max') // field("$top/pids/pids.events", 'max'),
        throttled => field("$top/cpu.stat", 'nr_throttled')
            // field("$top/cpu/cpu.stat", 'nr_throttled'),
    );
    return { map { $_ => $told{$_} // 0 } keys %told };
}

sub allowed_cores {
    open my $file, '<', '/proc/self/status' or return '';
    while (my $line = <$file>) { return $1 if $line =~ /^Cpus_allowed_list:\s*(\S+)/ }
    return '';
}

sub number {
    my ($path) = @_;
    open my $file, '<', $path or return;
    my $line = <$file>;
    return defined $line && $line =~ /^(\d+)/ ? $1 : undef;
}

sub field {
    my ($path, $name) = @_;
    open my $file, '<', $path or return;
    while (my $line = <$file>) { return $1 if $line =~ /^\Q$name\E (\d+)/ }
    return;
}

sub read_frame {
    my $head = read_bytes(4) // return;
    return read_bytes(unpack 'N', $head);
}

sub read_bytes {
    my ($count) = @_;
    my $data = '';
    while (length $data < $count) {
        my $got = sysread STDIN, $data, $count - length $data, length $data;
        next if !defined $got && $! == EINTR;
        return if !$got;
    }
    return $data;
}

sub say_frame {
    my ($kind, $payload) = @_;
    my $frame = pack('N', 1 + length $payload) . $kind . $payload;
    my $done = 0;
    while ($done < length $frame) {
        my $count = syswrite STDOUT, $frame, length($frame) - $done, $done;
        next if !defined $count && $! == EINTR;
        _exit(1) if !$count;
        $done += $count;
    }
}
